package import SluiceStore
package import SluiceTypes

extension Engine: JobControl {
    package func cancel(_ id: JobID, owner: OwnerID?, audit: AuditEntry?) async throws(StoreError) -> Cancellation {
        try await canceller.cancel(id, owner: owner, audit: audit)
    }

    package func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive {
        let now = time.now()
        let redrive = try await store.redrive(id, owner: owner, model: model, at: now, audit: audit)
        if case .queued(let group) = redrive {
            switchboard.note(group, dueAt: now)
            feed.notify(id)
        }
        return redrive
    }

    package func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        upstream: [KeptUpstream]
    ) async throws(StoreError) -> Deletion {
        let deletion = try await store.deleteBodies(id, owner: owner, at: time.now(), upstream: upstream)
        if case .deleted(let dead) = deletion {
            for id in dead { feed.notify(id) }
        }
        return deletion
    }
}
