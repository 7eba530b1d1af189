import SluiceTypes

/// What counts of units cost.
struct UnitCost: Hashable, Sendable {
    /// The cost of all that has a price, in pico-USD.
    var pico: Int128
    /// The first unit, by name, of which something has no price.
    var unpriced: String?
    /// The lengths that chose a price, such as `input>200000`.
    var tiers: [String]

    /// A count beyond this is no count.
    static let largestCount: Int64 = 100_000_000

    /// Prices counts, of which a general one includes its special ones; a general one that wasn't counted is the sum of these.
    ///
    /// Each unit with a price is counted without its special units that have one, so that nothing is charged twice. What has
    /// no price goes by the nearest unit that includes it and has one.
    ///
    /// - Throws: ``UnpricedReason/absurd``.
    init(_ units: [String: Int64], prices: UnitPrices, least: [String: Int64] = [:]) throws(UnpricedReason) {
        let units = try UnitCost.checked(units, least)
        let prices = UnitCost.withJoins(prices.byUnit, units)
        let input = units[UnitCost.family] ?? UnitCost.total(of: UnitCost.family, in: units)
        guard let input, input <= UnitCost.largestCount else { throw .absurd }

        pico = 0
        unpriced = nil
        tiers = []
        // The most special ones first: what is left of a general one is what they leave.
        var rests: [(name: String, count: Int64)] = []
        for (name, price) in prices.sorted(by: { UnitCost.isBefore($0.key, $1.key) }) {
            guard let whole = units[name] ?? UnitCost.total(of: name, in: units) else { throw .absurd }
            var rest = whole
            for inner in rests where UnitName.isWithin(inner.name, name) && Promise.chargedOnce.holds {
                rest -= inner.count
            }
            guard rest >= 0 else { throw .absurd }
            rests.append((name, rest))
            let (cost, overflow) = Int128(rest).multipliedReportingOverflow(by: Int128(price.value(at: input)))
            let (sum, overflown) = pico.addingReportingOverflow(cost)
            guard !overflow, !overflown else { throw .absurd }
            pico = sum
            if rest > 0, let tier = price.tier(at: input) {
                let words = "\(UnitCost.family)>\(tier.start)"
                if !tiers.contains(words) { tiers.append(words) }
            }
        }
        for (name, count) in units.sorted(by: { $0.key < $1.key }) where count > 0 && name != UnitCost.requests {
            guard !prices.keys.contains(where: { UnitName.isWithin(name, $0) }) else { continue }
            let priced = rests.filter { UnitName.isWithin($0.name, name) }.reduce(0) { $0 + $1.count }
            guard priced <= count else { throw .absurd }
            if priced < count, unpriced == nil { unpriced = name }
        }
    }

    /// A call, which costs nothing by itself unless somebody says so.
    static let requests = "requests"

    private static let family = "input"

    /// The counts, raised to what is billed at least.
    private static func checked(
        _ units: [String: Int64],
        _ least: [String: Int64]
    ) throws(UnpricedReason) -> [String: Int64] {
        var result = units
        for (name, count) in units {
            guard (0...largestCount).contains(count) else { throw .absurd }
            if count > 0, let bound = least[name], count < bound { result[name] = bound }
        }
        for (name, count) in result {
            for (other, whole) in result where other != name && count > whole && UnitName.isWithin(name, other) {
                throw .absurd
            }
        }
        return result
    }

    /// The sum of a unit's special ones, each without its own special ones; nil where one is smaller than these.
    private static func total(of name: String, in units: [String: Int64]) -> Int64? {
        var rests: [(name: String, count: Int64)] = []
        for (special, count) in units.sorted(by: { isBefore($0.key, $1.key) }) where UnitName.isWithin(special, name) {
            let rest = rests.reduce(count) { UnitName.isWithin($1.name, special) ? $0 - $1.count : $0 }
            guard rest >= 0 else { return nil }
            rests.append((special, rest))
        }
        return rests.reduce(0) { $0 + $1.count }
    }

    /// Puts in a price for what is part of two units with prices, neither of which includes the other: the dearer one's.
    ///
    /// Otherwise it would be charged by both, and taken twice from what includes these.
    private static func withJoins(_ prices: [String: Price], _ units: [String: Int64]) -> [String: Price] {
        var result = prices
        for (name, count) in units where count > 0 && prices[name] == nil {
            let including = prices.filter { UnitName.isWithin(name, $0.key) }
            let nearest = including.filter { one in
                !including.keys.contains { $0 != one.key && UnitName.isWithin($0, one.key) }
            }
            guard nearest.count > 1 else { continue }
            result[name] = nearest.values.max { ($0.base, $0.value(at: .max)) < ($1.base, $1.value(at: .max)) }
        }
        return result
    }

    /// An order in which special units stand before those that include them.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        let (a, b) = (left.utf8.count { $0 == UInt8(ascii: ".") }, right.utf8.count { $0 == UInt8(ascii: ".") })
        return a != b ? a > b : left < right
    }
}
