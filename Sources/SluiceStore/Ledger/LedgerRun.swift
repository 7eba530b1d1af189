package import SluiceTypes

/// One change of what many lines of the ledger cost: by slices, so that it can be broken off, and goes on where it is repeated.
package struct LedgerRun: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Lines are priced by the prices of now.
        case reprice(RepricingQuery)
        /// What another run has changed is taken back.
        case undo(Int64)

        /// Whether a run of this kind goes on with one of the other that was broken off.
        package func continues(_ other: Kind) -> Bool {
            switch (self, other) {
            case (.reprice(let query), .reprice(let old)): query.continues(old)
            case (.undo(let run), .undo(let old)): run == old
            case (.reprice, .undo), (.undo, .reprice): false
            }
        }

        /// Of a run that goes on with another: what either has taken in.
        package func widened(by other: Kind) -> Kind {
            guard case .reprice(var query) = self, case .reprice(let old) = other else { return self }
            query.since = min(query.since, old.since)
            query.until = max(query.until, old.until)
            return .reprice(query)
        }
    }

    /// How much farther apart than the time between two runs the moments may be of which they are about: who says `7d` again means the
    /// same.
    private static let tolerance = Duration.seconds(60)

    /// Whether a run of a kind that is begun now goes on with this one, which was broken off.
    package func isContinued(by kind: Kind, at now: Timestamp) -> Bool {
        guard endedAt == nil, kind.continues(self.kind) else { return false }
        guard case .reprice(let query) = kind, case .reprice(let old) = self.kind else { return true }
        let apart = max(
            abs(query.since.milliseconds - old.since.milliseconds),
            abs(query.until.milliseconds - old.until.milliseconds)
        )
        return .milliseconds(apart) <= max(.zero, now.since(begunAt)) + LedgerRun.tolerance
    }

    /// Counted from 1.
    package var id: Int64
    package var kind: Kind
    /// Who began it.
    package var actor: String
    package var begunAt: Timestamp
    /// Nil for one that is under way, or was broken off.
    package var endedAt: Timestamp?

    package init(id: Int64, kind: Kind, actor: String, begunAt: Timestamp, endedAt: Timestamp? = nil) {
        self.id = id
        self.kind = kind
        self.actor = actor
        self.begunAt = begunAt
        self.endedAt = endedAt
    }
}
