package import SluiceTypes

/// Whoever has jobs, limits and idempotency keys.
package struct OwnerRecord: Sendable, Hashable {
    package var id: OwnerID
    /// Unique, given by the operator.
    package var name: String
    package var createdAt: Timestamp

    package init(id: OwnerID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
