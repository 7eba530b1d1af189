/// How much JSON is accepted.
///
/// The size in bytes is the reader's affair.
public struct JSONLimits: Hashable, Sendable {
    /// The deepest nesting of arrays and objects; the root counts as 1.
    public var depth: Int
    /// The largest number of values, arrays and objects included, keys not.
    public var values: Int

    /// Creates limits.
    public init(depth: Int = 64, values: Int = 100_000) {
        self.depth = depth
        self.values = values
    }

    /// Depth 64, 100,000 values.
    public static let standard = JSONLimits()
}
