public import SluiceJSON

extension PriceList {
    /// Reads a row's own prices: `{"MODEL": {"input": 0.5, "output": 1.5, "searches.web": 0.01, "maxOutput": 8192}}`.
    ///
    /// Units of `input`, `output` and `characters` are in USD a million, all others in USD for one. In a model's name `*`
    /// stands for any run of characters; of those that fit the first counts.
    ///
    /// - Throws: ``PriceTableFault`` with the place of what can't be taken.
    public init(rowPrices value: JSONValue) throws(PriceTableFault) {
        guard value.kind == .object else { throw PriceTableFault("prices are no object", at: value) }
        var models: [PricedModel] = []
        for member in value.members {
            guard !member.key.isEmpty else { throw PriceTableFault("a model has no name", at: member.value) }
            var object = try TableObject(member.value)
            let limit = try object.count("maxOutput")
            var prices: [String: Price] = [:]
            for unit in member.value.members where unit.key != "maxOutput" {
                prices[try UnitPrices.name(unit.key, unit.value)] = try PriceList.price(unit.value, of: unit.key)
            }
            guard !prices.isEmpty else { throw PriceTableFault("a model has no prices", at: member.value) }
            let clause = NameClause(patterns: [NamePattern(member.key.lowercased())])
            models.append(
                PricedModel(
                    id: member.key,
                    clauses: [clause],
                    outputLimit: limit,
                    prices: [DatedPrices(UnitPrices(prices))]
                )
            )
        }
        self.init(id: "row", models: models)
    }

    private static func price(_ value: JSONValue, of unit: String) throws(PriceTableFault) -> Price {
        let isByMillion = ["input", "output", "characters"].contains { UnitName.isWithin(unit, $0) }
        guard value.kind == .number || value.kind == .string else {
            throw PriceTableFault("a price is no number of USD", at: value)
        }
        // As it was written: a double would change the last digits.
        let text = value.string ?? String(decoding: value.bytes, as: UTF8.self)
        guard let pico = DecimalText(text)?.scaled(by: isByMillion ? 6 : 12), let amount = Int64(exactly: pico) else {
            throw PriceTableFault("a price is no number of USD", at: value)
        }
        guard !text.hasPrefix("-") else { throw PriceTableFault("a price is negative", at: value) }
        return Price(amount)
    }
}
