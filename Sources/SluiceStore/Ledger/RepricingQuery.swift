package import SluiceTypes

/// Which lines of the ledger are priced anew.
package struct RepricingQuery: Sendable, Hashable {
    /// Of attempts that began then or later.
    package var since: Timestamp
    /// And before that.
    package var until: Timestamp
    /// The row's name; nil for all.
    package var provider: String?
    /// The model's name as the provider knows it; nil for all.
    package var model: String?
    /// False for what has no price alone.
    package var takesAll: Bool

    package init(
        since: Timestamp,
        until: Timestamp,
        provider: String? = nil,
        model: String? = nil,
        takesAll: Bool = false
    ) {
        self.since = since
        self.until = until
        self.provider = provider
        self.model = model
        self.takesAll = takesAll
    }

    /// Whether it is about this line.
    package func matches(_ line: LedgerLine) -> Bool {
        line.key.at >= since && line.key.at < until
            && (takesAll || line.entry.cost.state == .unpriced)
            && provider.map { $0 == line.key.provider } ?? true
            && model.map { $0 == line.key.model } ?? true
    }

    /// Whether it goes on with another that was broken off: the same, but for its moments.
    package func continues(_ other: RepricingQuery) -> Bool {
        provider == other.provider && model == other.model && takesAll == other.takesAll
    }
}
