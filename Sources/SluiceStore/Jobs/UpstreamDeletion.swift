package import SluiceTypes

/// A deletion that a provider has to carry out, and has not yet.
package struct UpstreamDeletion: Sendable, Hashable {
    /// For how long it is asked for.
    package static let time = Duration.seconds(86_400)

    /// The store's number of it.
    package var id: Int64
    /// Who asked for it.
    package var owner: OwnerID
    package var kept: KeptUpstream
    package var madeAt: Timestamp
    /// When it is tried next.
    package var dueAt: Timestamp
    /// How often it was handed out.
    package var tries: Int
    /// When it is given up.
    package var until: Timestamp

    package init(
        id: Int64,
        owner: OwnerID,
        _ kept: KeptUpstream,
        madeAt: Timestamp,
        dueAt: Timestamp? = nil,
        tries: Int = 0,
        until: Timestamp? = nil
    ) {
        self.id = id
        self.owner = owner
        self.kept = kept
        self.madeAt = madeAt
        self.dueAt = dueAt ?? madeAt
        self.tries = tries
        self.until = until ?? madeAt.adding(UpstreamDeletion.time)
    }
}
