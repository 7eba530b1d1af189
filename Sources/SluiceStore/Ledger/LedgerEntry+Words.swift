extension LedgerEntry {
    /// The longest word of a line, in bytes.
    private static let longestWord = 256

    /// The same with no word longer than 256 bytes: what a provider says at length must not keep a line from being written.
    package var withShortWords: LedgerEntry {
        var entry = self
        entry.served = served.map { LedgerEntry.cut($0) }
        entry.price?.version = price?.version.map { LedgerEntry.cut($0) }
        entry.price?.variant = price?.variant.map { LedgerEntry.cut($0) }
        if case .unpriced(let reason, let low) = cost {
            entry.cost = .unpriced(reason: LedgerEntry.cut(reason), low: low)
        }
        return entry
    }

    private static func cut(_ word: String) -> String {
        guard word.utf8.count > longestWord else { return word }
        var cut = ""
        var length = 0
        for scalar in word.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= longestWord else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }
}
