/// How much JSON is accepted.
///
/// The size in bytes is the reader's affair.
public struct JSONLimits: Hashable, Sendable {
    /// The deepest nesting of arrays and objects; the root counts as 1.
    public var depth: Int
    /// The largest number of strings, numbers, booleans and nulls; keys don't count.
    public var scalars: Int
    /// The largest number of arrays and objects, which cost far more.
    public var containers: Int
    /// True also takes what RFC 8259 does not know and servers in Python and JavaScript write all the same: `NaN`, `Infinity` and
    /// `-Infinity` for numbers, and escapes for half a surrogate pair.
    ///
    /// For what is only read and passed on; jansson takes none of it.
    public var isLenient: Bool

    /// Creates limits.
    public init(depth: Int = 64, scalars: Int = 1_000_000, containers: Int = 100_000, isLenient: Bool = false) {
        self.depth = depth
        self.scalars = scalars
        self.containers = containers
        self.isLenient = isLenient
    }

    /// Depth 64, 1,000,000 scalars, 100,000 arrays and objects.
    public static let standard = JSONLimits()
}
