package import SluiceTypes

/// Whoever has jobs, limits and idempotency keys.
package struct OwnerRecord: Sendable, Hashable {
    package var id: OwnerID
    /// Unique, given by the operator.
    package var name: String
    package var createdAt: Timestamp
    /// When it was deleted: it has no tokens from then on, and another name.
    package var deletedAt: Timestamp?
    /// Since when its tokens are refused and its queued jobs wait; nil where they are not.
    package var disabledAt: Timestamp?

    package init(id: OwnerID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
