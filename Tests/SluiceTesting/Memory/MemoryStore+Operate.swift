package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation {
        try run { (state) throws(StoreError) in
            let cancellation = state.cancel(id, owner: owner, at: now)
            if case .cancelled = cancellation, let audit { state.people.append(audit) }
            return cancellation
        }
    }

    package func rescue(boot: BootID, at now: Timestamp, limit: Int) async throws(StoreError) -> [Rescue] {
        try run { (state) throws(StoreError) in state.rescue(boot: boot, at: now, limit: limit) }
    }

    package func rescueOwnOrphans(
        boot: BootID,
        known: @escaping @Sendable () -> Set<JobID>,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [Rescue] {
        try run { (state) throws(StoreError) in
            state.rescueOwnOrphans(boot: boot, known: known(), at: now, limit: limit)
        }
    }

    package func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive {
        try run { (state) throws(StoreError) in
            let redrive = state.redrive(id, owner: owner, model: model, at: now)
            if case .queued = redrive, let audit { state.people.append(audit) }
            return redrive
        }
    }

    package func expire(
        at now: Timestamp,
        held: [JobGroup: ErrorClass],
        dueBefore heldSince: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [JobID] {
        try run { (state) throws(StoreError) in
            state.expire(at: now, held: held, dueBefore: heldSince, limit: limit)
        }
    }

    package func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        upstream: [KeptUpstream],
        strangers: Set<String>
    ) async throws(StoreError) -> Deletion {
        try run { (state) throws(StoreError) in
            state.deleteBodies(id, owner: owner, at: now, upstream, strangers)
        }
    }
}

extension MemoryState {
    /// What was told of the attempt that is open.
    private func stake(of job: MemoryJob) -> AttemptStake? {
        fault == .forgetsStakes ? nil : job.attempt(job.epoch)?.start.stake
    }

    fileprivate mutating func cancel(_ id: JobID, owner: OwnerID?, at now: Timestamp) -> Cancellation {
        guard var job = job(id, owner: owner) else { return .notFound }
        guard !job.state.isTerminal else { return .ended(job.state) }
        let wasRunning = job.state == .running
        if wasRunning {
            close(&job, job.epoch, as: .cancelled, .unseen(endedAt: now, .cancelled, stake(of: job)))
        }
        job.epoch += 1
        job.end(as: .cancelled, at: now, expiry)
        put(job)
        return .cancelled(wasRunning: wasRunning)
    }

    fileprivate mutating func rescue(boot: BootID, at now: Timestamp, limit: Int) -> [Rescue] {
        guard fault != .leavesOrphans else { return [] }
        let orphans = jobs { job in
            guard job.state == .running || fault == .rescuesAnyState && job.interrupts == 0 else { return false }
            return job.boot != boot || fault == .rescuesItsOwn
        }
        return orphans.prefix(max(limit, 0)).map { rescue($0, at: now) }
    }

    fileprivate mutating func rescueOwnOrphans(
        boot: BootID,
        known: Set<JobID>,
        at now: Timestamp,
        limit: Int
    ) -> [Rescue] {
        let orphans = jobs { $0.state == .running && $0.boot == boot && !known.contains($0.id) }
        return orphans.prefix(max(limit, 0)).map { rescue($0, at: now) }
    }

    private mutating func rescue(_ orphan: MemoryJob, at now: Timestamp) -> Rescue {
        var job = orphan
        rescue(&job, at: now)
        put(job)
        return Rescue(id: job.id, group: job.group, state: job.state, errorClass: job.errorClass)
    }

    private mutating func rescue(_ job: inout MemoryJob, at now: Timestamp) {
        close(&job, job.epoch, as: .interrupted, .unseen(endedAt: now, .interrupted, stake(of: job)))
        job.epoch += 1
        job.errorClass = Interruption.end(interrupts: job.interrupts, onUnknown: job.onUnknown)
        if fault != .countsNothing { job.interrupts += 1 }
        if job.errorClass == nil {
            job.deferredSince = nil
            job.queue(at: now)
        } else {
            job.end(as: .dead, at: now, expiry)
        }
    }

    fileprivate mutating func redrive(_ id: JobID, owner: OwnerID?, model: String?, at now: Timestamp) -> Redrive {
        guard var job = job(id, owner: owner) else { return .notFound }
        guard job.state == .dead || fault == .revivesTerminal && job.state.isTerminal else {
            return .notDead(job.state)
        }
        guard job.hasBodies, !job.submitted.input.body.isEmpty else { return .deleted }
        guard job.terms.keepsBodies == nil else { return .notKept }
        if let previous = job.ancestry?.previous, jobs[previous]?.predecessor.isOffered != true { return .noParent }
        if let heir = job.supersededBy, !KeyHandover.mayRedrive(supersededBy: heir) { return .superseded(by: heir) }
        job.supersededBy = nil
        job.facts.redrivenAt = now
        job.epoch = fault == .lowersEpoch ? 0 : job.epoch + 1
        job.failures = 0
        job.interrupts = 0
        job.deferredSince = nil
        job.errorClass = nil
        job.finishedAt = nil
        job.expiresAt = nil
        job.deadlineAt = job.submitted.timeGiven.map { now.adding($0) }
        if let model { job.facts.ask(for: model) }
        job.queue(at: now)
        put(job)
        return .queued(job.group)
    }

    fileprivate mutating func expire(
        at now: Timestamp,
        held: [JobGroup: ErrorClass],
        dueBefore heldSince: Timestamp,
        limit: Int
    ) -> [JobID] {
        let expired = jobs { job in
            guard job.state == .queued else { return false }
            if Patience.isOverdue(deadlineAt: job.deadlineAt, at: now) { return true }
            return held[job.group] != nil
                && Patience.isHeldTooLong(
                    createdAt: job.createdAt,
                    runAt: job.runAt,
                    deadlineAt: job.deadlineAt,
                    heldSince: heldSince
                )
        }
        return expired.prefix(max(limit, 0)).map {
            expire($0, as: Patience.isOverdue(deadlineAt: $0.deadlineAt, at: now) ? .expired : held[$0.group], at: now)
        }
    }

    /// queued → dead, for a job whose time is over.
    mutating func expire(_ queued: MemoryJob, as cause: ErrorClass? = .expired, at now: Timestamp) -> JobID {
        var job = queued
        job.errorClass = cause
        job.end(as: .dead, at: now, expiry)
        put(job)
        return job.id
    }

    fileprivate mutating func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        _ upstream: [KeptUpstream],
        _ strangers: Set<String>
    ) -> Deletion {
        guard var job = job(id, owner: owner) else { return .notFound }
        guard job.state.isTerminal else { return .active(job.state) }
        removeKey(of: job)
        if fault != .keepsBodies { job.dropBodies() }
        if fault != .keepsWords { dropWords(of: &job, strangers: strangers) }
        put(job)
        owe(upstream, to: job.owner, at: now)
        guard fault != .withdrawsNobody else { return .deleted() }
        let waiting = jobs { $0.state == .queued && $0.thread == job.thread && continues($0, id) }
        return .deleted(dead: waiting.prefix(JobLimits.withdrawn).map { expire($0, as: .previousGone, at: now) })
    }

    /// Whether a job continues another one, over however many steps.
    private func continues(_ job: MemoryJob, _ other: JobID) -> Bool {
        var next = job.ancestry?.previous
        while let id = next, id != other { next = jobs[id]?.ancestry?.previous }
        return next != nil
    }
}
