package import SluiceStore

extension Engine {
    /// An owner was deleted in the store: its limits are gone, and what it has left is cleared.
    ///
    /// - Throws: ``StoreError``.
    package func noteDeletedOwner() async throws(StoreError) {
        clearer.look()
        try await reloadLimits()
    }

    /// Takes the owners whom operators have disabled: nothing of theirs is claimed.
    func loadDisabled() async throws(StoreError) {
        treasury.disable(Set(try await store.owners().filter { $0.disabledAt != nil }.map(\.id)))
    }

    /// An owner was disabled in the store, or enabled: its queued jobs wait, or go on.
    ///
    /// - Throws: ``StoreError``.
    package func noteDisabledOwner() async throws(StoreError) {
        try await loadDisabled()
        try await noteGroups()
        switchboard.doorbell.ring()
    }
}
