package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func job(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> JobRecord? {
        try run { (state) throws(StoreError) in state.job(id, owner: owner)?.record }
    }

    package func jobs(_ query: JobQuery) async throws(StoreError) -> [JobRecord] {
        try run { (state) throws(StoreError) in
            let after = query.after.map { state.jobs[$0]?.sequence ?? 0 } ?? .max
            let found = state.jobs.values.filter {
                $0.sequence < after && state.shows($0, to: query.owner) && query.wants($0)
            }
            return found.sorted { $0.sequence > $1.sequence }.prefix(max(query.limit, 0)).map(\.record)
        }
    }

    package func attempts(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> [AttemptRecord]? {
        try run { (state) throws(StoreError) in state.job(id, owner: owner)?.attempts }
    }

    package func groups() async throws(StoreError) -> [GroupState] {
        try run { (state) throws(StoreError) in
            state.queues.compactMap { group, queue in
                queue.nextRunAt.map { GroupState(group: group, nextRunAt: $0) }
            }
        }
    }

    package func counts() async throws(StoreError) -> [JobState: Int] {
        try run { (state) throws(StoreError) in
            state.jobs.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
        }
    }
}

extension JobQuery {
    fileprivate func wants(_ job: MemoryJob) -> Bool {
        if let state, job.state != state { return false }
        if let model, job.model != model { return false }
        if let errorClass, job.errorClass != errorClass { return false }
        if let since, (job.finishedAt ?? job.submitted.createdAt) < since { return false }
        return true
    }
}
