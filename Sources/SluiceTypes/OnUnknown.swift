/// What to do when a call's outcome can't be known and a second one might be billed.
public enum OnUnknown: String, Sendable, CaseIterable {
    /// Another call, once.
    case once
    /// Another call, as often as the job may fail.
    case retry
    /// None.
    case deadLetter
}
