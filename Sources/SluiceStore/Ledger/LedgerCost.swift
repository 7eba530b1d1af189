/// What an attempt cost, in nano-dollars.
package enum LedgerCost: Sendable, Hashable {
    /// Just that.
    case priced(Int64)
    /// What is used has no price; `low` is what of it has one, and `reason` says what has none.
    case unpriced(reason: String, low: Int64)
    /// Nobody knows what was used: it costs no less than `low`, and no more than `high`.
    case unknown(low: Int64, likely: Int64, high: Int64)

    /// Its word in a stored line, and in sums.
    package enum State: String, Sendable, CaseIterable {
        case priced, unpriced, unknown
    }

    package var state: State {
        switch self {
        case .priced: .priced
        case .unpriced: .unpriced
        case .unknown: .unknown
        }
    }

    /// What it costs; nil where that has no price, or is not known.
    package var priced: Int64? { if case .priced(let cost) = self { cost } else { nil } }

    /// What it costs at least.
    package var low: Int64 {
        switch self {
        case .priced(let cost): cost
        case .unpriced(_, let low), .unknown(let low, _, _): low
        }
    }

    /// Why there is no price where the counts can't be true: such counts are in no sum.
    package static let absurd = "absurd"

    package var isAbsurd: Bool {
        if case .unpriced(LedgerCost.absurd, _) = self { true } else { false }
    }
}
