/// What to do when a call's outcome can't be known and a second one might be billed.
public enum OnUnknown: String, Sendable, CaseIterable {
    case retry
    case deadLetter
}
