/// How well a name fits a pattern.
public enum NameFit: Comparable, Sendable {
    /// Not at all.
    case none
    /// By a prefix, a suffix or a part.
    case approximate
    /// As it stands, or with nothing more than a date.
    case exact
}
