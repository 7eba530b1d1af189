package import SluiceStore
package import SluiceTypes
import Synchronization

extension MemoryStore {
    package func job(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> JobRecord? {
        try run { (state) throws(StoreError) in state.job(id, owner: owner)?.record }
    }

    package func job(
        upstreamID: String,
        format: RequestFormat,
        owner: OwnerID
    ) async throws(StoreError) -> JobRecord? {
        try run { (state) throws(StoreError) in
            let newest = state.ids {
                $0.owner == owner && $0.format == format && $0.attempts.last?.report?.upstreamID == upstreamID
            }.last
            return newest.flatMap { state.job($0, owner: owner)?.record }
        }
    }

    package func lineage(
        of parent: JobID,
        owner: OwnerID,
        atMost limits: LineageLimits
    ) async throws(StoreError) -> Lineage {
        try run { (state) throws(StoreError) in
            var walk = LineageWalk(from: parent, limits)
            var next: JobID? = parent
            while let id = next, let job = state.jobs[id], job.owner == owner || state.fault == .leaksOwners {
                let size = job.ancestor.map { $0.input.count + $0.result.count + ($0.log?.bytes.count ?? 0) } ?? 0
                let goesOn = try walk.add(job.predecessor, bytes: size) { (withBodies: Bool) throws(StoreError) in
                    guard var ancestor = job.ancestor else {
                        throw StoreError(.corrupt, "job \(id) has an answer that no attempt brought")
                    }
                    if !withBodies { (ancestor.input, ancestor.result, ancestor.log) = ([], [], nil) }
                    return ancestor
                }
                next = goesOn ? job.ancestry?.previous : nil
            }
            return walk.lineage
        }
    }

    package func traced(_ id: JobID) async throws(StoreError) -> TracedJob? {
        try run { (state) throws(StoreError) in state.jobs[id]?.findable }
    }

    package func jobs(_ query: JobQuery) async throws(StoreError) -> JobPage {
        try run { (state) throws(StoreError) in
            let after = query.after.map(state.place) ?? .max
            let found = state.ids { $0.sequence < after && state.shows($0, to: query.owner) }
            var page = JobPage(query)
            guard query.limit > 0 else { return page }
            for id in found.reversed() {
                guard let job = state.jobs[id] else { continue }
                guard query.wants(job) else {
                    if page.look(past: id) { continue } else { break }
                }
                var record = job.record
                if !query.withBodies { (record.input, record.result) = (nil, nil) }
                guard page.add(record) else { break }
            }
            return page
        }
    }

    package func openJobs(_ query: OpenJobQuery) async throws(StoreError) -> OpenJobPage {
        try run { (state) throws(StoreError) in
            var page = OpenJobPage(limit: query.limit)
            for beginning in query.places where page.left > 0 {
                let found = state.ids { $0.openPlace?.state == beginning.state && query.wants($0) }
                    .compactMap { id in state.jobs[id]?.openPlace.map { (id: id, place: $0) } }
                    .filter { beginning.precedes($0.place) }
                    .sorted { $0.place.precedes($1.place) }
                for job in found where !page.add(job.id, at: job.place) { break }
            }
            return page
        }
    }

    package func submission(
        owner: OwnerID,
        key: String,
        fingerprint: [UInt8],
        at now: Timestamp
    ) async throws(StoreError) -> Submission? {
        try run { (state) throws(StoreError) in
            state.submission(owner: owner, key: key, fingerprint: fingerprint, at: now)
        }
    }

    package func attempts(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> [AttemptRecord]? {
        try run { (state) throws(StoreError) in state.job(id, owner: owner)?.attempts }
    }

    package func progress(_ id: JobID, owner: OwnerID?, withLog: Bool) async throws(StoreError) -> JobProgress? {
        progressLooks.add(1, ordering: .relaxed)
        return try run { (state) throws(StoreError) in state.job(id, owner: owner)?.progress(withLog: withLog) }
    }

    package func groups() async throws(StoreError) -> [GroupState] {
        try run { (state) throws(StoreError) in
            state.queues.compactMap { group, queue in
                queue.nextRunAt(besides: []).map { GroupState(group: group, nextRunAt: $0, owners: queue.owners) }
            }
        }
    }

    package func ids(from first: JobID, through last: JobID, limit: Int) async throws(StoreError) -> [JobID] {
        try run { (state) throws(StoreError) in
            Array(state.jobs.keys.filter { $0 >= first && $0 <= last }.sorted().prefix(max(limit, 0)))
        }
    }

    package func jobCounts() async throws(StoreError) -> [CountedJobs: Int] {
        try run { (state) throws(StoreError) in
            state.jobs.values.reduce(into: [:]) { $0[CountedJobs($1.state, JobKind($1.facts)), default: 0] += 1 }
        }
    }
}

extension JobQuery {
    fileprivate func wants(_ job: MemoryJob) -> Bool {
        if let state, job.state != state { return false }
        if let entry, job.facts.terms.entry != entry { return false }
        if let model, job.model != model { return false }
        if let errorClass, job.errorClass != errorClass { return false }
        if let since, (job.finishedAt ?? job.submitted.createdAt) < since { return false }
        if let until, (job.finishedAt ?? job.submitted.createdAt) >= until { return false }
        if let provider, job.attempts.last?.start.row != provider { return false }
        return metadata.fits(job.hasBodies ? job.submitted.input.metadata : nil)
    }
}

extension OpenJobQuery {
    fileprivate func wants(_ job: MemoryJob) -> Bool {
        if let owner, job.owner != owner { return false }
        if let model, job.model != model { return false }
        if let operation, job.operation != operation { return false }
        if let lane, job.facts.terms.lane != lane { return false }
        if let since, job.submitted.createdAt < since { return false }
        if let until, job.submitted.createdAt >= until { return false }
        return metadata.fits(job.hasBodies ? job.submitted.input.metadata : nil)
    }
}

extension MemoryJob {
    /// Where it stands among those that have not ended; nil for one that has.
    fileprivate var openPlace: OpenJobPlace? {
        switch state {
        case .queued: OpenJobPlace(.queued, owner: owner.rawValue, number: Int64(sequence))
        case .running: OpenJobPlace(.running, owner: owner.rawValue, number: Int64(sequence))
        case .succeeded, .dead, .cancelled: nil
        }
    }
}
