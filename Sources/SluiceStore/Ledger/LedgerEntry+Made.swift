package import SluiceTypes

extension LedgerEntry {
    /// What the provider told, before anybody has priced it.
    package init(told usage: Usage) {
        self.init(
            basis: .told,
            units: .exactly(usage.units),
            raw: usage.raw,
            cost: .unpriced(reason: LedgerCost.noPrice, low: 0),
            counted: 0
        )
    }

    /// Nothing was sent, or nothing is charged for what was: there is nothing to price.
    package static let free = LedgerEntry(
        basis: .told,
        units: .exactly([:]),
        cost: .priced(0),
        price: LedgerPrice(.free),
        counted: 0
    )

    /// What a row cost of which nothing costs anything, though nobody told what was used.
    package static func free(of basis: UsageBasis) -> LedgerEntry {
        LedgerEntry(basis: basis, units: .exactly([:]), cost: .priced(0), price: LedgerPrice(.free), counted: 0)
    }

    /// A run that nobody saw the end of, of which nothing was estimated.
    package static let guessed = unseen(.guessed)

    /// A run that nobody saw the end of: what was estimated of it before it began.
    package static func guessed(_ stake: AttemptStake?) -> LedgerEntry {
        guard let stake else { return .guessed }
        let units = LedgerUnits.between(low: [:], likely: stake.likely, high: stake.high)
        switch stake.cost {
        case .free: return .free(of: .guessed)
        case .unpriced(let reason):
            let cost = LedgerCost.unpriced(reason: reason, low: 0)
            return LedgerEntry(basis: .guessed, units: units, cost: cost, counted: stake.counted)
        case .priced(let hold, let high):
            let cost = LedgerCost.unknown(low: 0, likely: min(hold, high), high: high)
            return LedgerEntry(basis: .guessed, units: units, cost: cost, counted: stake.counted)
        }
    }

    /// An answer that came without its usage, or came in part, of which nothing was estimated.
    package static let seen = unseen(.seen)

    private static func unseen(_ basis: UsageBasis) -> LedgerEntry {
        LedgerEntry(
            basis: basis,
            units: .between(low: [:], likely: [:], high: [:]),
            cost: .unpriced(reason: LedgerCost.noPrice, low: 0),
            counted: 0
        )
    }

    /// What the provider told; nil where it told nothing.
    package var usage: Usage? {
        guard basis == .told, case .exactly(let units) = units, !units.isEmpty else { return nil }
        return Usage(units: units, raw: raw)
    }
}

extension LedgerCost {
    /// Why there is no price where nobody knows any.
    package static let noPrice = "no price"
}
