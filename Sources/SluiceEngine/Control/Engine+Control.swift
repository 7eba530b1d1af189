import SluiceProvider
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
        let deletion = try await store.deleteBodies(
            id,
            owner: owner,
            at: time.now(),
            upstream: upstream,
            strangers: try await strangers(of: id)
        )
        if case .deleted(let dead) = deletion {
            for id in dead { feed.notify(id) }
            if !upstream.isEmpty { deleter.look() }
        }
        return deletion
    }
}

extension Engine {
    /// The names of models in a job's lines that nobody but its caller may know.
    private func strangers(of id: JobID) async throws(StoreError) -> Set<String> {
        let rows = Dictionary(switchboard.rows.map { ($0.name, $0) }) { first, _ in first }
        var strangers: Set<String> = []
        for line in try await store.lines(of: id) {
            let row = rows[line.key.provider]
            for model in [line.key.model, line.entry.served].compactMap(\.self) + line.entry.parts.compactMap(\.model)
            where !prices.knows(model, of: row) {
                strangers.insert(model)
            }
        }
        return strangers
    }
}
