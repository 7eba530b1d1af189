/// What becomes of a call whose caller has left before its end.
package enum OnDisconnect: Sendable, Hashable {
    /// It is closed at once.
    case cancel
    /// It runs on for the re-attach grace, and is closed then if nobody came back for it.
    case grace
    /// It runs on.
    case `continue`
}
