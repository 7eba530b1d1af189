package import SluiceStore

extension Engine {
    /// An owner was deleted in the store: its limits are gone, and what it has left is cleared.
    ///
    /// - Throws: ``StoreError``.
    package func noteDeletedOwner() async throws(StoreError) {
        clearer.look()
        try await reloadLimits()
    }
}
