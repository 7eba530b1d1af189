import SluiceProvider

/// One loading of a row: shared by all who use it, and told by its identity from a later loading of the same text.
final class LoadedRow: Sendable {
    let row: ProviderRow
    /// By which the router knows it, the same for every loading of a row of this name.
    let number: Int

    init(_ row: ProviderRow, number: Int) {
        self.row = row
        self.number = number
    }
}
