import SluiceProvider

/// One loading of a row: shared by all who use it, and told by its identity from a later loading of the same text.
final class LoadedRow: Sendable {
    let row: ProviderRow

    init(_ row: ProviderRow) {
        self.row = row
    }
}
