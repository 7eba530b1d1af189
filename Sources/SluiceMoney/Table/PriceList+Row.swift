public import SluiceJSON

extension PriceList {
    /// Reads a row's own prices: `{"MODEL": {"input": 0.5, "output": 1.5, "searches.web": 0.01, "maxOutput": 8192}}`.
    ///
    /// Units of `input`, `output` and `characters` are in USD a million, all others in USD for one. In a model's name `*`
    /// stands for any run of characters; of those that fit the first counts. `"from"`, `"until"` (days) and `"hours"` beside the units say
    /// when they hold, of several in an array the last that does; `{"like": "OTHER"}` has the prices of another model.
    ///
    /// - Throws: ``PriceTableFault`` with the place of what can't be taken.
    public init(rowPrices value: JSONValue) throws(PriceTableFault) {
        guard value.kind == .object else { throw PriceTableFault("prices are no object", at: value) }
        var models: [PricedModel] = []
        for member in value.members {
            guard !member.key.isEmpty else { throw PriceTableFault("a model has no name", at: member.value) }
            let forms = member.value.kind == .array ? member.value.elements : [member.value]
            var limit: Int64?
            var prices: [DatedPrices] = []
            for form in forms {
                var object = try TableObject(form)
                limit = try object.count("maxOutput") ?? limit
                prices.append(try PriceList.dated(form, &object))
            }
            guard !prices.isEmpty else { throw PriceTableFault("a model has no prices", at: member.value) }
            let clause = NameClause(patterns: [NamePattern(member.key.lowercased())])
            models.append(PricedModel(id: member.key, clauses: [clause], outputLimit: limit, prices: prices))
        }
        self.init(id: "row", models: models)
    }

    /// One model's prices, from a day on or always: those of units, or those of another model.
    private static func dated(
        _ value: JSONValue,
        _ object: inout TableObject
    ) throws(PriceTableFault) -> DatedPrices {
        let validity = try Validity(reading: &object)
        if let like = try object.string("like") {
            guard !like.isEmpty else { throw PriceTableFault("a model has no name", at: value) }
            try object.end()
            return DatedPrices(UnitPrices([:]), validity: validity, like: like)
        }
        var prices: [String: Price] = [:]
        for unit in value.members where !["maxOutput", "from", "until", "hours"].contains(unit.key) {
            prices[try UnitPrices.name(unit.key, unit.value)] = try PriceList.price(unit.value, of: unit.key)
        }
        guard !prices.isEmpty else { throw PriceTableFault("a model has no prices", at: value) }
        return DatedPrices(UnitPrices(prices), validity: validity)
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
