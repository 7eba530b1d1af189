package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func purge(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.purge(at: now, limit: limit) }
    }

    package func forgetBodies(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.forgetBodies(at: now, limit: limit) }
    }

    package func forgetKeys(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.removeKeys(expiredAt: now, limit: limit) }
    }

    package func cutAudit(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in
            state.people.cutAudit(before: now.adding(.zero - state.retention.audit), limit)
        }
    }

    package func giveBackRoom() async throws(StoreError) -> Bool {
        try run { (_) throws(StoreError) in false }
    }

    package func realign(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.realign(at: now, limit: limit) }
    }

    package func note(time: Timestamp) async throws(StoreError) {
        try run { (state) throws(StoreError) in state.notedTime = time }
    }

    package func notedTime() async throws(StoreError) -> Timestamp? {
        try run { (state) throws(StoreError) in state.notedTime }
    }
}

extension MemoryState {
    fileprivate mutating func purge(at now: Timestamp, limit: Int) -> Int {
        let ended = jobs { job in
            if fault == .purgesTheLiving, job.submitted.createdAt.adding(retention.dead) <= now { return true }
            return job.expiresAt.map { $0 <= now } == true
        }
        let old = ended.prefix(max(limit, 0))
        let threads = Dictionary(grouping: jobs.values, by: \.thread).filter { $0.value.count > 1 }
        for var job in old {
            let thread = threads[job.thread] ?? []
            let end = expiry.endOfThread(
                newest: thread.compactMap(\.expiresAt).max(),
                lives: thread.contains { $0.expiresAt == nil },
                at: now
            )
            guard let end, fault != .purgesAncestors else {
                remove(job)
                continue
            }
            job.expiresAt = end
            put(job)
        }
        return old.count
    }

    fileprivate mutating func forgetBodies(at now: Timestamp, limit: Int) -> Int {
        guard fault != .keepsBriefBodies else { return 0 }
        let over = jobs { $0.bodiesUntil.map { $0 <= now } == true }.prefix(max(limit, 0))
        for var job in over {
            removeKey(of: job)
            job.dropBodies()
            dropWords(of: &job, strangers: [])
            put(job)
        }
        return over.count
    }

    fileprivate mutating func realign(at now: Timestamp, limit: Int) -> Int {
        let latest = now.adding(JobLimits.delay + .seconds(86_400))
        let misplaced = jobs { job in
            guard job.state == .queued, job.runAt > now else { return false }
            let waits = job.knownAt...job.knownAt.adding(JobLimits.pause)
            return job.runAt > latest || job.knownAt > now.adding(JobLimits.pause) && waits.contains(job.runAt)
        }
        let moved = misplaced.prefix(max(limit, 0))
        for job in moved { realign(job, at: now) }
        return moved.count
    }

    private mutating func realign(_ misplaced: MemoryJob, at now: Timestamp) {
        var job = misplaced
        let ahead = job.knownAt > now ? job.knownAt.since(now) : job.runAt.since(now)
        let born = max(job.submitted.createdAt, now)
        job.deadlineAt = job.deadlineAt.map { $0.adding(now.since(born)) }
        job.queue(at: max(now, job.runAt.adding(.zero - ahead)))
        put(job)
    }
}

extension MemoryJob {
    /// The last moment that is written down of it.
    fileprivate var knownAt: Timestamp {
        attempts.compactMap { $0.report?.endedAt }.reduce(submitted.createdAt, max)
    }
}
