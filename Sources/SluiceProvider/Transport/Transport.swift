/// What carries a call to a provider and brings its answer.
public protocol Transport: Sendable {
    /// Starts the call at once and returns its events.
    ///
    /// The events end after `end`, or with a ``TransportError``. Giving them up (the reading task is cancelled, or they
    /// are dropped) closes the call's connection; a cancelled reader still learns by the error whether the request had
    /// been sent. After ``TransportEvents/conclude()`` the connection is kept where the answer ends soon. Events are never held
    /// back for a slow reader; what may pile up is bounded by ``OutgoingCall/answerLimit``. An answer for which
    /// ``OutgoingCall/room`` has none is left with the provider until there is some, and no time runs meanwhile.
    func send(_ call: OutgoingCall) -> TransportEvents
}
