import SluiceStore
import SluiceTypes

/// An entry of the ledger as it stands in a row.
struct LedgerColumns {
    var units: String
    var low: String?
    var high: String?
    var reason: String?
    var cost: Int64?
    var lowCost: Int64?
    var likelyCost: Int64?
    var highCost: Int64?
    var terms: String?
    var parts: String?

    init(_ entry: LedgerEntry) {
        switch entry.units {
        case .exactly(let units): self.units = UsageText.text(units)
        case .between(let low, let likely, let high):
            units = UsageText.text(likely)
            self.low = UsageText.text(low)
            self.high = UsageText.text(high)
        }
        terms = UsageText.text(terms: entry.terms)
        parts = UsageText.text(parts: entry.parts)
        price(entry.cost)
    }

    private mutating func price(_ cost: LedgerCost) {
        switch cost {
        case .priced(let cost): self.cost = cost
        case .unpriced(let reason, let low): (self.reason, lowCost) = (reason, low)
        case .unknown(let low, let likely, let high): (lowCost, likelyCost, highCost) = (low, likely, high)
        }
    }
}

extension LedgerEntry {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        ledger.basis, ledger.state, ledger.reason, ledger.units, ledger.units_low, ledger.units_high, ledger.raw, ledger.price,
        ledger.price_version, ledger.price_variant, ledger.cost, ledger.low, ledger.likely, ledger.high, ledger.counted,
        ledger.served, ledger.terms, ledger.parts
        """
    static let columnCount: Int32 = 18

    /// - Throws: ``StoreError`` for a word that this version does not know.
    init(_ row: inout RowReader) throws(StoreError) {
        let basis: UsageBasis = try row.word()
        let state: LedgerCost.State = try row.word()
        let reason = row.optional { $0.text() }
        let units = UsageText.units(in: row.text())
        let low = row.optional { UsageText.units(in: $0.text()) }
        let high = row.optional { UsageText.units(in: $0.text()) }
        let raw = row.optional { $0.bytes() } ?? []
        let origin = try row.optional { row throws(StoreError) in try row.word(LedgerPrice.Origin.self) }
        let (version, variant) = (row.optional { $0.text() }, row.optional { $0.text() })
        let (cost, least, likely, most) = (row.int64(), row.int64(), row.int64(), row.int64())
        self.init(
            basis: basis,
            units: low.map { .between(low: $0, likely: units, high: high ?? [:]) } ?? .exactly(units),
            raw: raw,
            cost: LedgerCost(state, reason: reason, cost: cost, low: least, likely: likely, high: most),
            price: origin.map { LedgerPrice($0, version: version, variant: variant) },
            counted: row.int64(),
            served: row.optional { $0.text() },
            terms: row.optional { UsageText.terms(in: $0.text()) } ?? [:],
            parts: row.optional { UsageText.parts(in: $0.text()) } ?? []
        )
    }
}

extension LedgerPricing {
    /// Reads state, reason, price with version and variant, cost, low, likely, high and counted.
    ///
    /// - Throws: ``StoreError`` for a word that this version does not know.
    init(_ row: inout RowReader) throws(StoreError) {
        let state: LedgerCost.State = try row.word()
        let reason = row.optional { $0.text() }
        let origin = try row.optional { row throws(StoreError) in try row.word(LedgerPrice.Origin.self) }
        let (version, variant) = (row.optional { $0.text() }, row.optional { $0.text() })
        let (cost, least, likely, most) = (row.int64(), row.int64(), row.int64(), row.int64())
        self.init(
            cost: LedgerCost(state, reason: reason, cost: cost, low: least, likely: likely, high: most),
            price: origin.map { LedgerPrice($0, version: version, variant: variant) },
            counted: row.int64()
        )
    }
}

extension LedgerCost {
    fileprivate init(_ state: State, reason: String?, cost: Int64, low: Int64, likely: Int64, high: Int64) {
        switch state {
        case .priced: self = .priced(cost)
        case .unpriced: self = .unpriced(reason: reason ?? "", low: low)
        case .unknown: self = .unknown(low: low, likely: likely, high: high)
        }
    }
}
