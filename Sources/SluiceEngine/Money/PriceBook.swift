import SluiceJSON
package import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Where prices are looked up: the tables that hold, and which of their lists belongs to which row.
package final class PriceBook: Sendable {
    private let tables: [PriceTable]
    /// By what a row's text says, since finding the list of a host takes as long as the table has providers.
    private let lists = Mutex<[String: String?]>([:])
    /// By the row, what was set at run time.
    private let settings = Mutex<[String: PriceList]>([:])
    /// So many rows are remembered: more than any file has.
    private static let mostLists = 4096
    /// What models cost in the minute in which that was last asked: prices of a time of day begin with one.
    private let quotes = Mutex<[QuoteKey: (minute: Int64, quote: Result<Quote, UnpricedReason>)]>([:])
    /// Callers name models, so that only so many are remembered.
    private static let mostQuotes = 1024

    /// By the list; of a release's table that changes with its dates alone, and this is a guess.
    private let dearestQuotes = Mutex<[String: Quote?]>([:])

    private struct QuoteKey: Hashable {
        let row: String
        let model: String
        let answered: String?
        let terms: [String: String]
        let writes: Bool
    }

    /// Takes the operator's table, if there is one, and the one that is built in; with none no call has a price but by its row.
    package init(_ tables: [PriceTable] = []) {
        self.tables = tables
    }

    /// Where the prices of a row's calls are looked for; nil for a row that costs nothing.
    func sources(of row: ProviderRow) -> PriceSources? {
        switch row.pricing.list {
        case .free: return nil
        // What calls nobody costs nothing, unless its row says so.
        case .host where row.endpoint == nil && row.pricing.prices == nil: return nil
        case .host: return sources(of: row, list: list(of: row))
        case .named(let name): return sources(of: row, list: name)
        }
    }

    private func sources(of row: ProviderRow, list: String?) -> PriceSources {
        let set = settings.withLock { $0[row.name] }
        return PriceSources(set: set, row: row.pricing.prices, tables: tables, list: list)
    }

    /// Whether the row or a table has a price for a model.
    func hasOwnPrice(_ model: String, of row: ProviderRow) -> Bool {
        guard var sources = sources(of: row) else { return false }
        sources.set = nil
        return sources.knows(model)
    }

    /// Whether a model's name is no secret: somebody has a price for it, or the row names it.
    func knows(_ model: String, of row: ProviderRow?) -> Bool {
        if let row {
            if row.names(model) { return true }
            if sources(of: row)?.knows(model) == true { return true }
        }
        return tables.contains { $0.knows(model) }
    }

    /// Takes the prices that were set at run time, all of them; answers what of them can't be read.
    func set(_ settings: [PriceSetting]) -> [String] {
        var lists: [String: PriceList] = [:]
        var faults: [String] = []
        for (provider, settings) in Dictionary(grouping: settings, by: \.provider) {
            let whole = settings.filter { PriceBook.fault(of: $0.prices, for: $0.model) == nil }
            faults += settings.filter { !whole.contains($0) }.map { "\($0.model) at \(provider)" }
            lists[provider] = try? PriceBook.list(whole.map { ($0.model, $0.prices) })
        }
        self.settings.withLock { $0 = lists }
        quotes.withLock { $0 = [:] }
        return faults
    }

    /// Why prices of a model can't be taken; nil where they can.
    package static func fault(of prices: [UInt8], for model: String) -> String? {
        do {
            _ = try list([(model, prices)])
            return nil
        } catch let fault as PriceTableFault {
            return fault.sentence
        } catch {
            return "are no JSON"
        }
    }

    /// The prices that hold once `prices` were set beside `others` of the same model: from a day on where they name one, else always.
    package static func merged(_ prices: [UInt8], into others: [UInt8]) -> [UInt8] {
        guard let new = try? Document(prices).root, let day = new[key: "from"]?.string,
            let old = try? Document(others).root
        else { return prices }
        let kept = (old.kind == .array ? old.elements : [old]).filter { $0[key: "from"]?.string != day }
        let dated = (kept + [new]).sorted { $0[key: "from"]?.string ?? "" < $1[key: "from"]?.string ?? "" }
        return JSONWriter.bytes { writer in
            writer.array { writer in for form in dated { writer.value(RawJSON(Array(form.bytes))) } }
        }
    }

    private static func list(_ models: [(name: String, prices: [UInt8])]) throws -> PriceList {
        let text = JSONWriter.bytes { writer in
            writer.object { writer in for model in models { writer.member(model.name, RawJSON(model.prices)) } }
        }
        return try PriceList(rowPrices: try Document(text).root)
    }

    /// What tokens of a row's model cost at a moment; nil for a row that costs nothing.
    func quote(
        _ row: ProviderRow,
        _ model: String,
        answered: String? = nil,
        terms: CallTerms = CallTerms(),
        at moment: Timestamp,
        writes: Bool
    ) -> Result<Quote, UnpricedReason>? {
        guard let sources = sources(of: row) else { return nil }
        let key = QuoteKey(
            row: row.configurationHash,
            model: model,
            answered: answered,
            terms: terms.values,
            writes: writes
        )
        let minute = moment.milliseconds / 60_000
        if let known = quotes.withLock({ $0[key] }), known.minute == minute { return known.quote }
        let question = PriceQuestion(
            asked: model,
            answered: answered,
            at: moment,
            terms: terms,
            entries: [],
            multiplier: row.pricing.multiplier
        )
        let quote = Result { () throws(UnpricedReason) in try Quote(question, writes: writes, from: sources) }
        quotes.withLock { quotes in
            if quotes.count >= PriceBook.mostQuotes { quotes.removeAll() }
            quotes[key] = (minute, quote)
        }
        return quote
    }

    /// What tokens cost of the dearest model that the row's provider has, or else any has; nil where none has a price.
    func dearest(_ row: ProviderRow, at moment: Timestamp) -> Quote? {
        guard let sources = sources(of: row) else { return nil }
        let key = sources.list ?? ""
        if let known = dearestQuotes.withLock({ $0[key] }) { return known }
        let lists = tables.compactMap { table in sources.list.flatMap { table.list(named: $0) } }
        let quote = Quote(dearestOf: lists, at: moment) ?? Quote(dearestOf: tables.flatMap(\.lists), at: moment)
        dearestQuotes.withLock { $0[key] = .some(quote) }
        return quote
    }

    private func list(of row: ProviderRow) -> String? {
        lists.withLock { lists in
            if let known = lists[row.configurationHash] { return known }
            guard let address = row.endpoint?.baseURL.split(separator: "://", maxSplits: 1).last else { return nil }
            if lists.count >= PriceBook.mostLists { lists.removeAll() }
            let found = tables.lazy.compactMap { $0.list(at: PriceBook.withoutPort(address))?.id }.first
            lists[row.configurationHash] = .some(found)
            return found
        }
    }

    /// A host without its port, and the path after it.
    private static func withoutPort(_ address: Substring) -> String {
        let slash = address.firstIndex(of: "/") ?? address.endIndex
        let host = address[..<slash]
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return String(address) }
        return String(host[..<colon] + address[slash...])
    }
}
