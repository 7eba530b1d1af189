package import SluiceTypes

extension LedgerEntry {
    /// The longest word of a line, in bytes.
    private static let longestWord = 256
    /// The longest value of a term, in bytes.
    private static let longestTerm = 64
    /// So many parts of an answer are kept: an agent's turn has a few.
    private static let mostParts = 50

    /// What stands for the parts of an answer where they are more than a line has room for: it can't be priced anew.
    package static let tooManyParts = [UsagePart(units: [:])]

    /// The same with no word longer than 256 bytes, and no more of anything than a line has room for: what a provider says at length must
    /// not keep a line from being written.
    package var withShortWords: LedgerEntry {
        var entry = self
        entry.served = served.map { LedgerEntry.cut($0) }
        entry.price?.version = price?.version.map { LedgerEntry.cut($0) }
        entry.price?.variant = price?.variant.map { LedgerEntry.cut($0) }
        if case .unpriced(let reason, let low) = cost {
            entry.cost = .unpriced(reason: LedgerEntry.cut(reason), low: low)
        }
        entry.terms = terms.mapValues { LedgerEntry.cut($0, to: LedgerEntry.longestTerm) }
        entry.parts = parts.map { UsagePart(model: $0.model.map { LedgerEntry.cut($0) }, units: $0.units) }
        if parts.count > LedgerEntry.mostParts { entry.parts = LedgerEntry.tooManyParts }
        return entry
    }

    private static func cut(_ word: String, to longest: Int = longestWord) -> String {
        guard word.utf8.count > longest else { return word }
        var cut = ""
        var length = 0
        for scalar in word.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= longest else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }

    /// The same for whoever had its job deleted: the numbers stay, and of words those alone that say how it is priced.
    ///
    /// `strangers` are names of models that no price table knows; with nil that was not looked up, and none is kept.
    package func withoutWords(strangers: Set<String>? = nil) -> LedgerEntry {
        let isStrange = { (model: String) in strangers?.contains(model) ?? true }
        var entry = self
        entry.raw = []
        if let served, isStrange(served) { entry.served = nil }
        if parts.contains(where: { $0.model.map(isStrange) ?? false }) { entry.parts = LedgerEntry.tooManyParts }
        if case .unpriced(let reason, let low) = cost {
            // Behind its first word stands what a request or an answer said.
            entry.cost = .unpriced(reason: reason.split(separator: " ").first.map(String.init) ?? "", low: low)
            // Without them it would have the standard price, which it never had.
            if !terms.isEmpty { entry.parts = LedgerEntry.tooManyParts }
            entry.terms = [:]
        }
        return entry
    }
}

extension LedgerKey {
    /// The same for whoever had its job deleted; `strangers` are names of models that no price table knows.
    package func withoutWords(strangers: Set<String>) -> LedgerKey {
        var key = self
        key.session = nil
        if strangers.contains(model) { key.model = UsageTag.others }
        return key
    }
}
