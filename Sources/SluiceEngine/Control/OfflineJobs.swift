package import SluiceStore
package import SluiceTypes

/// Changes jobs in a store that no engine runs on: nothing runs, and nobody waits.
package struct OfflineJobs: JobControl {
    private let store: any JobStore
    private let now: @Sendable () -> Timestamp

    package init(store: any JobStore, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    package func cancel(_ id: JobID, owner: OwnerID?, audit: AuditEntry?) async throws(StoreError) -> Cancellation {
        try await store.cancel(id, owner: owner, at: now(), audit: audit)
    }

    package func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive {
        try await store.redrive(id, owner: owner, model: model, at: now(), audit: audit)
    }

    package func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        upstream: [KeptUpstream]
    ) async throws(StoreError) -> Deletion {
        try await store.deleteBodies(id, owner: owner, at: now(), upstream: upstream, strangers: [])
    }
}
