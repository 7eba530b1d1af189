import SluiceJSON

extension PricedModel {
    init(reading value: JSONValue) throws(PriceTableFault) {
        var object = try TableObject(value)
        guard let id = try object.string("id"), !id.isEmpty else {
            throw PriceTableFault("a model has no id", at: value)
        }
        var clauses: [NameClause] = []
        for value in try object.array("is") {
            let texts = try value.kind == .string ? [TableObject.text(value)] : TableObject.texts(value)
            guard !texts.isEmpty, !texts.contains("") else { throw PriceTableFault("a pattern is empty", at: value) }
            clauses.append(NameClause(patterns: texts.map { NamePattern($0.lowercased()) }))
        }
        let context = try object.count("context")
        let output = try object.count("output")
        var prices: [DatedPrices] = []
        for value in try object.array("prices") {
            var object = try TableObject(value)
            let validity = try Validity(reading: &object)
            prices.append(DatedPrices(try UnitPrices(reading: try object.required("units")), validity: validity))
            try object.end()
        }
        guard !prices.isEmpty else { throw PriceTableFault("a model has no prices", at: value) }
        var variants: [PriceVariant] = []
        for value in try object.array("variants") {
            var object = try TableObject(value)
            var terms: [String: String] = [:]
            for member in try object.required("when").members { terms[member.key] = try TableObject.text(member.value) }
            guard !terms.isEmpty else { throw PriceTableFault("a variant is for no terms", at: value) }
            let validity = try Validity(reading: &object)
            let prices = try UnitPrices(reading: try object.required("units"))
            variants.append(PriceVariant(prices, terms: terms, validity: validity))
            try object.end()
        }
        var least: [String: Int64] = [:]
        for member in object.take("least")?.members ?? [] {
            least[try UnitPrices.name(member.key, member.value)] = try TableObject.count(member.value)
        }
        try object.end()
        self.init(
            id: id,
            clauses: clauses,
            contextWindow: context,
            outputLimit: output,
            prices: prices,
            variants: variants,
            least: least
        )
    }
}
