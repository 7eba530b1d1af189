import SluiceTypes

/// What one of a unit costs, in pico-USD, by how long the request is.
public struct Price: Hashable, Sendable {
    /// A price from a length on.
    public struct Tier: Hashable, Sendable {
        /// It counts where more tokens than these were read, those from a cache included.
        public let start: Int64
        /// Pico-USD a unit.
        public let price: Int64

        /// Takes both.
        public init(start: Int64, price: Int64) {
            self.start = start
            self.price = price
        }
    }

    /// Pico-USD a unit below the first tier.
    public let base: Int64
    /// The tiers, by their starts.
    public let tiers: [Tier]

    /// Takes prices that aren't negative, and tiers in the order of their starts.
    public init(_ base: Int64, tiers: [Tier] = []) {
        self.base = base
        self.tiers = tiers
    }

    /// The tier of a request of `input` tokens; nil below the first.
    ///
    /// A tier is a cliff: its price counts for all units of the request.
    public func tier(at input: Int64) -> Tier? {
        tiers.last { input > $0.start || input == $0.start && !Promise.tierBehindEdge.holds }
    }

    /// The price in a request of `input` tokens.
    public func value(at input: Int64) -> Int64 { tier(at: input)?.price ?? base }
}
