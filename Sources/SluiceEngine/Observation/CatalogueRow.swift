package import SluiceProvider
import SluiceTypes

/// What of a provider row may be told to everybody: its names, and no secret.
package struct CatalogueRow: Sendable, Hashable {
    package var name: String
    /// The host that is called; nil for a row that calls none.
    package var host: String?
    /// The models that it names, by its callers' names and by its provider's.
    package var models: Set<String>

    package init(name: String, host: String? = nil, models: Set<String>) {
        self.name = name
        self.host = host
        self.models = models
    }

    package init(_ row: ProviderRow) {
        let exact = row.models.filter(\.isExact).map(\.text) + row.listed
        self.init(
            name: row.name,
            host: row.endpoint?.host,
            models: Set(exact + exact.map(row.upstreamName) + row.modelMap.values.filter { !$0.contains("*") })
        )
    }
}
