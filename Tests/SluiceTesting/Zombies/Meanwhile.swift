/// What becomes of a job while the process that ran it is held up.
enum Meanwhile: String, CaseIterable, Sendable {
    /// Another life rescues and claims it, and still runs it.
    case runs
    /// That life has moved on to another row, and runs it there.
    case hasStepped
    case hasSucceeded
    case hasFailedForGood
    /// It failed there, and waits for its next try.
    case waits
    case wasDeferred
    case wasReleased
    case wasCancelled
    /// It died there, and an operator has put it back.
    case wasRedriven
    /// The same, and it runs again.
    case runsAfterARedrive
    case hasNoBodies
    case wasPurged
    /// The rescue ended it: it must not be called twice.
    case wasDeadLettered
    /// Nobody rescued it; it was called off while the first process held it.
    case wasCancelledUnderIt
    /// The same, and its bodies are gone.
    case wasCancelledUnderItAndHasNoBodies
}
