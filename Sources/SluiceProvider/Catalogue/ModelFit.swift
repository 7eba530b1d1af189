/// How closely a row fits a model: an exact name beats a pattern, a longer pattern a shorter one.
public enum ModelFit: Comparable, Sendable {
    /// A pattern with that many literal bytes.
    case pattern(Int)
    /// The name itself.
    case exact
}
