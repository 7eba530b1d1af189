import SluiceJSON

extension UnitPrices {
    /// Reads `{"input": 2500000, "output": [10000000, 200000, 15000000]}`: pico-USD, or a list of the base price and, for each
    /// tier, where it starts and its price.
    init(reading value: JSONValue) throws(PriceTableFault) {
        guard value.kind == .object else { throw PriceTableFault("prices are no object", at: value) }
        var result: [String: Price] = [:]
        for member in value.members {
            result[try UnitPrices.name(member.key, member.value)] = try UnitPrices.price(member.value)
        }
        self.init(result)
    }

    static func name(_ text: String, _ value: JSONValue) throws(PriceTableFault) -> String {
        guard UnitName.isValid(text) else { throw PriceTableFault("this is no unit's name", at: value) }
        return text
    }

    private static func price(_ value: JSONValue) throws(PriceTableFault) -> Price {
        guard value.kind == .array else { return Price(try amount(value)) }
        let parts = value.elements
        guard let base = parts.first, parts.count > 1, parts.count % 2 == 1 else {
            throw PriceTableFault("a price with tiers is a price and pairs of a start and a price", at: value)
        }
        var tiers: [Price.Tier] = []
        for index in stride(from: 1, to: parts.count, by: 2) {
            let start = try amount(parts[index])
            guard start > tiers.last?.start ?? -1 else {
                throw PriceTableFault("tiers don't start one behind the other", at: parts[index])
            }
            tiers.append(Price.Tier(start: start, price: try amount(parts[index + 1])))
        }
        return Price(try amount(base), tiers: tiers)
    }

    private static func amount(_ value: JSONValue) throws(PriceTableFault) -> Int64 {
        guard let amount = value.integer else {
            throw PriceTableFault("a price is no whole number of pico-USD", at: value)
        }
        guard amount >= 0 else { throw PriceTableFault("a price is negative", at: value) }
        return amount
    }
}
