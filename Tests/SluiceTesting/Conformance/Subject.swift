import SluiceStore
import SluiceTypes
import Synchronization

/// The store under test, and a ledger of what it has promised.
///
/// Claims come and go as ``ClaimedJob``s: a check that fails must be able to drop what it holds, and some checks settle
/// the same claim twice on purpose.
final class Subject: Sendable {
    /// A ``Settlement`` that can be compared.
    enum Settled: Equatable, Sendable {
        case settled(JobState, runAt: Timestamp?)
        case stale
        case unsettled(StoreError)
    }

    /// A ``Renewal`` that can be copied.
    enum Renewed: Sendable {
        case renewed(ClaimedJob)
        case stale
        case unsettled(StoreError)
    }

    /// A ``RunningSubmission`` that can be copied.
    enum Started: Sendable {
        case started(ClaimedJob)
        case replayed(JobID)
        case keyReused
        case noParent
    }

    let store: any Store
    let retention: Retention
    private let ledger: Mutex<Ledger>

    init(_ store: any Store, retention: Retention) {
        self.store = store
        self.retention = retention
        ledger = Mutex(Ledger(retention: retention))
    }

    /// Another store that holds the same, and what the first has promised.
    init(copying subject: Subject, on store: any Store) {
        self.store = store
        retention = subject.retention
        ledger = Mutex(subject.promises)
    }

    var promises: Ledger { ledger.withLock(\.self) }

    func note(_ entry: (inout Ledger) -> Void) {
        ledger.withLock { entry(&$0) }
    }
}

// MARK: Arrivals and claims

extension Subject {
    @discardableResult
    func submit(_ job: NewJob) async throws -> Submission {
        let answer = try await store.submit(job)
        note { $0.submitted(job, answer) }
        return answer
    }

    @discardableResult
    func submitRunning(_ job: NewJob, row: String = "alpha", boot: BootID = .first) async throws -> Started {
        try await submitRunning(job, start: .sample(row, at: job.createdAt), boot: boot)
    }

    func submitRunning(_ job: NewJob, start: AttemptStart, boot: BootID = .first) async throws -> Started {
        switch try await store.submitRunning(job, start: start, boot: boot) {
        case .started(let claim):
            let claimed = claim.spend()
            note {
                $0.submitted(job, .created(job.id))
                $0.opened(claimed)
            }
            return .started(claimed)
        case .replayed(let id):
            note { $0.submitted(job, .replayed(id)) }
            return .replayed(id)
        case .keyReused:
            note { $0.submitted(job, .keyReused) }
            return .keyReused
        case .noParent:
            note { $0.submitted(job, .noParent) }
            return .noParent
        }
    }

    func claim(
        _ request: ClaimRequest
    ) async throws
        -> (jobs: [ClaimedJob], nextRunAt: Timestamp?, skipped: Set<OwnerID>, steppedOver: Bool, expired: [JobID])
    {
        var batch = try await store.claim(request)
        var jobs: [ClaimedJob] = []
        while let claim = batch.next() { jobs.append(claim.spend()) }
        let expired = batch.expired
        note { ledger in
            for job in jobs { ledger.opened(job) }
            for id in expired { ledger.expired(id) }
        }
        return (jobs, batch.nextRunAt, batch.skipped, batch.steppedOver, expired)
    }
}

// MARK: Settlements

extension Subject {
    func succeed(_ job: ClaimedJob, _ success: Success) async -> Settled {
        noted(await store.succeed(Claim(job), success), of: job)
    }

    func fail(_ job: ClaimedJob, _ failure: Failure) async -> Settled {
        noted(await store.fail(Claim(job), failure), of: job)
    }

    func release(_ job: ClaimedJob, at now: Timestamp) async -> Settled {
        noted(await store.release(Claim(job), at: now), of: job)
    }

    func `defer`(_ job: ClaimedJob, _ report: AttemptReport, until moment: Timestamp) async -> Settled {
        noted(await store.defer(Claim(job), report, until: moment), of: job)
    }

    func retryNow(_ job: ClaimedJob, after setback: Setback, _ start: AttemptStart) async -> Renewed {
        switch await store.retryNow(Claim(job), after: setback, start: start) {
        case .renewed(let claim):
            let next = claim.spend()
            note { $0.opened(next) }
            return .renewed(next)
        case .stale: return .stale
        case .unsettled(let claim, let error):
            _ = claim.spend()
            return .unsettled(error)
        }
    }

    private func noted(_ settlement: consuming Settlement, of job: ClaimedJob) -> Settled {
        switch consume settlement {
        case .settled(let state, let runAt):
            note { $0.settled(job, as: state) }
            return .settled(state, runAt: runAt)
        case .stale: return .stale
        case .unsettled(let claim, let error):
            _ = claim.spend()
            return .unsettled(error)
        }
    }
}

// MARK: What operators and callers do

extension Subject {
    func cancel(_ id: JobID, owner: OwnerID? = nil, at now: Timestamp) async throws -> Cancellation {
        let answer = try await store.cancel(id, owner: owner, at: now, audit: nil)
        if case .cancelled = answer { note { $0.cancelled(id) } }
        return answer
    }

    func rescue(boot: BootID, at now: Timestamp, limit: Int = 100) async throws -> [Rescue] {
        let rescued = try await store.rescue(boot: boot, at: now, limit: limit)
        note { ledger in
            for rescue in rescued { ledger.rescued(rescue) }
        }
        return rescued
    }

    func rescueOwnOrphans(boot: BootID, known: Set<JobID>, at now: Timestamp, limit: Int = 100) async throws -> [Rescue]
    {
        let rescued = try await store.rescueOwnOrphans(boot: boot, known: { known }, at: now, limit: limit)
        note { ledger in
            for rescue in rescued { ledger.rescued(rescue) }
        }
        return rescued
    }

    func redrive(_ id: JobID, owner: OwnerID? = nil, model: String? = nil, at now: Timestamp) async throws -> Redrive {
        let answer = try await store.redrive(id, owner: owner, model: model, at: now, audit: nil)
        if case .queued = answer { note { $0.redriven(id) } }
        return answer
    }

    func expire(
        at now: Timestamp,
        held: [JobGroup] = [],
        dyingOf cause: ErrorClass = .expired,
        dueBefore heldSince: Timestamp = Timestamp(milliseconds: 0),
        limit: Int = 100
    ) async throws -> [JobID] {
        let causes = Dictionary(uniqueKeysWithValues: held.map { ($0, cause) })
        let expired = try await store.expire(at: now, held: causes, dueBefore: heldSince, limit: limit)
        note { ledger in
            for id in expired { ledger.expired(id) }
        }
        return expired
    }

    func deleteBodies(
        _ id: JobID,
        owner: OwnerID? = nil,
        at now: Timestamp = .at(100),
        upstream: [KeptUpstream] = [],
        strangers: Set<String> = []
    ) async throws -> Deletion {
        let answer = try await store.deleteBodies(
            id,
            owner: owner,
            at: now,
            upstream: upstream,
            strangers: strangers
        )
        if case .deleted(let dead) = answer {
            note { ledger in
                ledger.bodiesDeleted(id)
                for id in dead { ledger.expired(id) }
            }
        }
        return answer
    }

    /// Lets the bodies go whose time is over, having noted whose.
    func forgetBodies(at now: Timestamp, limit: Int = 100) async throws -> Int {
        let over = try await everyJob(page: 500).filter { $0.bodiesUntil.map { $0 <= now } == true }
        let count = try await store.forgetBodies(at: now, limit: limit)
        for record in over where try await store.job(record.id, owner: nil)?.input == nil {
            note { $0.bodiesDeleted(record.id) }
        }
        return count
    }

    /// Purges, having noted what may go: a thread's jobs do together.
    @discardableResult
    func purge(at now: Timestamp, limit: Int = 100) async throws -> Int {
        let threads = Dictionary(grouping: try await everyJob(page: 500), by: \.thread)
        let over = threads.values.filter { $0.allSatisfy { $0.expiresAt.map { $0 <= now } == true } }
        note { $0.purging(over.joined().map(\.id), at: now) }
        return try await store.purge(at: now, limit: limit)
    }
}
