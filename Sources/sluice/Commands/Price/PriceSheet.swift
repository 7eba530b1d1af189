import SluiceJSON
import SluiceMoney
import SluiceTypes

/// What tables say of a model's prices, provider by provider.
struct PriceSheet {
    /// A unit's price under one condition.
    struct Line: Hashable {
        /// The provider's name in the table.
        var list: String
        /// The model's name in the table.
        var model: String
        var unit: String
        /// Decimal USD.
        var usd: String
        /// For how many of the unit.
        var per: Int64
        /// What a call must be for this price: its terms, its hours, its length; empty for the standard one.
        var when: [String]
    }

    private(set) var lines: [Line] = []
    /// False where only a part of the name is known.
    private(set) var isExact = true

    /// Looks `name` up in the list of `provider`, or in all of them, of each in the first table that knows it.
    ///
    /// What fits a part of the name is taken only where nothing fits it whole.
    init(_ name: String, at moment: Timestamp, provider: String?, in tables: [PriceTable]) {
        var lists: [String] = []
        for list in tables.flatMap(\.lists) where provider ?? list.id == list.id && !lists.contains(list.id) {
            lists.append(list.id)
        }
        let found = lists.compactMap { list in
            tables.lazy.compactMap { $0.find(name, in: list) }.first.map { (list: list, found: $0) }
        }
        isExact = found.contains { $0.found.isExact } || found.isEmpty
        for (list, found) in found where found.isExact == isExact {
            guard let standard = found.model.prices.last(where: { $0.validity.holds(at: moment) }) else { continue }
            let hours = standard.validity.hours.map { ["hours=\($0)"] } ?? []
            add(standard.prices, of: found.model, in: list, when: hours)
            // A provider that serves another's models has none of that one's terms.
            guard !found.isBorrowed else { continue }
            for variant in found.model.variants where variant.validity.holds(at: moment) {
                let terms = variant.terms.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                add(variant.prices, of: found.model, in: list, when: terms)
            }
        }
    }

    private mutating func add(_ prices: UnitPrices, of model: PricedModel, in list: String, when: [String]) {
        for (unit, price) in prices.byUnit.sorted(by: { $0.key < $1.key }) {
            let steps = [(price.base, when)] + price.tiers.map { ($0.price, when + ["input>\($0.start)"]) }
            for (pico, when) in steps {
                let (usd, per) = PriceSheet.amount(pico, of: unit)
                lines.append(Line(list: list, model: model.id, unit: unit, usd: usd, per: per, when: when))
            }
        }
    }

    /// Tokens are told by the million, and so is what costs parts of a nano-USD; all else for one.
    private static func amount(_ pico: Int64, of unit: String) -> (usd: String, per: Int64) {
        let isToken = ["input", "output"].contains { UnitName.isWithin(unit, $0) }
        guard isToken || pico % 1000 != 0 else { return (Money(nanoUSD: pico / 1000).description, 1) }
        return (Money(nanoUSD: Int64(clamping: Int128(pico) * 1000)).description, 1_000_000)
    }
}

extension PriceSheet {
    /// `{"exact": …, "prices": […]}`.
    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("exact", isExact)
                writer.member("prices", array: { array in for line in lines { PriceSheet.write(line, to: &array) } })
            }
        }
    }

    private static func write(_ line: Line, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("list", line.list)
            writer.member("model", line.model)
            writer.member("unit", line.unit)
            writer.member("usd", line.usd)
            writer.member("per", line.per)
            writer.member("when", strings: line.when)
        }
    }

    func show() throws {
        var table = Table("LIST", "MODEL", "UNIT", "USD", "FOR", "WHEN")
        for line in lines {
            table.add(line.list, line.model, line.unit, line.usd, String(line.per), line.when.joined(separator: ", "))
        }
        for line in table.lines { try Console.print(line) }
        if !isExact {
            Console.note("These are of models whose names are a part of this one's: its prices are approximate.")
        }
    }
}
