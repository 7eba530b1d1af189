package import SluiceMoney
import SluiceProvider
import Synchronization

/// Where prices are looked up: the tables that hold, and which of their lists belongs to which row.
package final class PriceBook: Sendable {
    private let tables: [PriceTable]
    /// By what a row's text says, since finding the list of a host takes as long as the table has providers.
    private let lists = Mutex<[String: String?]>([:])
    /// So many rows are remembered: more than any file has.
    private static let mostLists = 4096

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
        case .host: return PriceSources(row: row.pricing.prices, tables: tables, list: list(of: row))
        case .named(let name): return PriceSources(row: row.pricing.prices, tables: tables, list: name)
        }
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
