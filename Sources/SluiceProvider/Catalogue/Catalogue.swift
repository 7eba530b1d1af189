public import SluiceTypes

/// What one `providers.json` says: rows, and names that stand for models of theirs, in the file's order.
public struct Catalogue: Sendable {
    /// The rows.
    public var rows: [ProviderRow]
    /// The aliases.
    public var aliases: [ModelAlias]

    /// Creates a catalogue.
    public init(rows: [ProviderRow], aliases: [ModelAlias] = []) {
        self.rows = rows
        self.aliases = aliases
    }

    /// The aliases' names with the models behind each.
    public var aliasNames: ModelAliases {
        ModelAliases(Dictionary(aliases.map { ($0.name, $0.targets.map(\.model)) }) { first, _ in first })
    }
}
