/// How a price is known.
public enum PriceOrigin: String, Hashable, Sendable, CaseIterable {
    /// The table has the model.
    case table
    /// The table has a model whose name is a part of this one's.
    case approximate
    /// Somebody set it at run time.
    case set
    /// The row has prices of its own.
    case row
    /// The provider said what the call cost.
    case told
    /// The row is said to be free.
    case free
}
