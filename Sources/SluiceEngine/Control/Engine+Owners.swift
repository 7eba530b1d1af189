package import SluiceStore
import Synchronization

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
        let ticket = ownerReadings.add(1, ordering: .relaxed).newValue
        treasury.disable(Set(try await store.owners().filter { $0.disabledAt != nil }.map(\.id)), ticket: ticket)
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
