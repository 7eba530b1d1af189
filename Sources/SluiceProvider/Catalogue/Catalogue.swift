/// The rows of one `providers.json`, in the file's order.
public struct Catalogue: Sendable {
    /// The rows.
    public var rows: [ProviderRow]

    /// Creates a catalogue.
    public init(rows: [ProviderRow]) {
        self.rows = rows
    }
}
