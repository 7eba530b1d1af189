package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func claimUpstreamDeletions(
        at now: Timestamp,
        dueAgainAt again: Timestamp,
        limit: Int
    ) async throws(StoreError) -> UpstreamDeletionBatch {
        try await write(ClaimUpstreamDeletions(now: now, again: again, limit: limit))
    }

    package func finishUpstreamDeletion(_ id: Int64) async throws(StoreError) {
        try await write(FinishUpstreamDeletion(id: id))
    }

    package func putOffUpstreamDeletion(_ id: Int64, until moment: Timestamp) async throws(StoreError) {
        try await write(PutOffUpstreamDeletion(id: id, moment: moment))
    }
}
