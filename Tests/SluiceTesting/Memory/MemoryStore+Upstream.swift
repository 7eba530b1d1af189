package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func claimUpstreamDeletions(
        at now: Timestamp,
        dueAgainAt again: Timestamp,
        limit: Int
    ) async throws(StoreError) -> UpstreamDeletionBatch {
        try run { (state) throws(StoreError) in state.claimUpstream(at: now, dueAgainAt: again, max(limit, 0)) }
    }

    package func finishUpstreamDeletion(_ id: Int64) async throws(StoreError) {
        try run { (state) throws(StoreError) in state.upstream.removeAll { $0.id == id } }
    }

    package func putOffUpstreamDeletion(_ id: Int64, until moment: Timestamp) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            for place in state.upstream.indices where state.upstream[place].id == id {
                state.upstream[place].dueAt = moment
            }
        }
    }
}

extension MemoryState {
    /// Puts down what providers are to delete.
    mutating func owe(_ kept: [KeptUpstream], to owner: OwnerID, at now: Timestamp) {
        for kept in kept {
            lastUpstream += 1
            upstream.append(UpstreamDeletion(id: lastUpstream, owner: owner, kept, madeAt: now))
        }
    }

    fileprivate mutating func claimUpstream(
        at now: Timestamp,
        dueAgainAt again: Timestamp,
        _ limit: Int
    ) -> UpstreamDeletionBatch {
        let over = upstream.filter { $0.until <= now }.prefix(limit)
        upstream.removeAll { over.contains($0) }
        var due: [UpstreamDeletion] = []
        for place in upstream.indices where upstream[place].dueAt <= now && due.count < limit {
            upstream[place].tries += 1
            upstream[place].dueAt = again
            due.append(upstream[place])
        }
        return UpstreamDeletionBatch(due: due, givenUp: Array(over))
    }
}
