/// One response being read elsewhere, such as in another process: what an ``Exchange`` is, but it may take its time and fail.
public protocol RemoteExchange: Sendable {
    /// Takes the status line and header fields.
    ///
    /// - Throws: ``AdapterFault`` when whoever reads is gone or does not answer.
    mutating func begin(_ head: ResponseHead) async throws(AdapterFault) -> [ReplyEvent]

    /// Takes more of the body; see ``Exchange/feed(_:last:)``.
    ///
    /// - Throws: ``AdapterFault`` when whoever reads is gone or does not answer.
    mutating func feed(_ chunk: [UInt8], last: Bool) async throws(AdapterFault) -> [ReplyEvent]

    /// The transport broke off; see ``Exchange/breakOff()``.
    ///
    /// - Throws: ``AdapterFault`` when whoever reads is gone or does not answer.
    mutating func breakOff() async throws(AdapterFault) -> [ReplyEvent]
}
