import SluiceTypes

/// What an attempt used, by unit: what it used, or between what and what it must lie.
package enum LedgerUnits: Sendable, Hashable {
    case exactly([String: Int64])
    case between(low: [String: Int64], likely: [String: Int64], high: [String: Int64])

    /// What sums are made of: where only bounds are known, what is likely.
    package var summed: [String: Int64] {
        switch self {
        case .exactly(let units): units
        case .between(_, let likely, _): likely
        }
    }
}
