package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func submit(_ job: NewJob) async throws(StoreError) -> Submission {
        try await write(Submit(job: job))
    }

    package func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission {
        switch try await write(SubmitRunning(job: job, start: start, boot: boot)) {
        case .created: return .started(Claim(ClaimedJob(started: job, start)))
        case .replayed(let id): return .replayed(id)
        case .keyReused: return .keyReused
        case .noParent: return .noParent
        }
    }

    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimBatch {
        let answer = try await write(ClaimJobs(request: request))
        return ClaimBatch(
            answer.jobs,
            nextRunAt: answer.nextRunAt,
            skipped: answer.skipped,
            steppedOver: answer.steppedOver,
            expired: answer.expired
        )
    }

    package func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation {
        try await write(Cancel(id: id, owner: owner, now: now, audit: audit))
    }

    package func rescue(boot: BootID, at now: Timestamp, limit: Int) async throws(StoreError) -> [Rescue] {
        try await write(RescueOrphans(boot: boot, known: nil, now: now, limit: limit))
    }

    package func rescueOwnOrphans(
        boot: BootID,
        known: @escaping @Sendable () -> Set<JobID>,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [Rescue] {
        try await write(RescueOrphans(boot: boot, known: known, now: now, limit: limit))
    }

    package func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive {
        try await write(RedriveJob(id: id, owner: owner, model: model, now: now, audit: audit))
    }

    package func expire(
        at now: Timestamp,
        held: [JobGroup: ErrorClass],
        dueBefore heldSince: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [JobID] {
        try await write(ExpireJobs(now: now, held: held, heldSince: heldSince, limit: limit))
    }

    package func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        upstream: [KeptUpstream],
        strangers: Set<String>
    ) async throws(StoreError) -> Deletion {
        try await write(DeleteBodies(id: id, owner: owner, now: now, upstream: upstream, strangers: strangers))
    }
}
