import SluiceStore
import SluiceTypes

/// All that a ``MemoryStore`` holds, without the lock.
struct MemoryState: Sendable {
    let retention: Retention
    let fault: MemoryStore.Fault?
    var outage: MemoryStore.Outage?
    private(set) var jobs: [JobID: MemoryJob] = [:]
    var queues: [JobGroup: GroupQueue] = [:]
    private var keys: [KeyName: StoredKey] = [:]
    private var nextSequence = 0
    var people = MemoryPeople()
    /// What providers are to delete, in the order in which it was put down.
    var upstream: [UpstreamDeletion] = []
    var lastUpstream: Int64 = 0
    var configs: [String: [UInt8]] = [:]
    var pauses: [String: RowPause] = [:]
    var notedTime: Timestamp?
    /// It outlives the jobs.
    var ledger: [JobID: [Int64: LedgerLine]] = [:]
    var usage: [LedgerDay: LedgerSums] = [:]
    var limits: [LimitSubject: SpendingLimits] = [:]
    /// Tokens that have taken another's place, by whose limits they have.
    var shares: [TokenID: TokenID] = [:]
    /// By the account, one for each window.
    var spend: [String: [SpendRecord]] = [:]
    var counts: [CountedJobs: Int] = [:]
    /// What waits, by the ids of owners and tokens.
    var queueSizes: [String: QueueSize] = [:]
    /// The highest marks of which somebody was told outside, by account and begin of the window.
    var alarmed: [String: [Timestamp: Int]] = [:]
    var prices: [PriceSetting] = []
    /// The deleted owners whose jobs are not cleared yet.
    var uncleared: Set<OwnerID> = []
    var runs: [LedgerRun] = []
    /// In the order in which they were made.
    var changes: [MemoryChange] = []
    var observer: (@Sendable (CommitNews) -> Void)?
    var tellsSpans = false

    var expiry: Expiry { Expiry(retention, noted: notedTime) }

    init(retention: Retention, fault: MemoryStore.Fault?) {
        self.retention = retention
        self.fault = fault
    }

    /// Jobs in the order of their arrival.
    func jobs(where condition: (MemoryJob) -> Bool) -> [MemoryJob] {
        ids(where: condition).compactMap { jobs[$0] }
    }

    /// The ids of jobs in the order of their arrival: a job is too large to be moved about by a sort.
    func ids(where condition: (MemoryJob) -> Bool) -> [JobID] {
        var found: [(sequence: Int, id: JobID)] = []
        for job in jobs.values where condition(job) { found.append((job.sequence, job.id)) }
        found.sort { $0.sequence < $1.sequence }
        return found.map(\.id)
    }

    /// Where the job stands among all, or stood: ids and numbers both grow with time.
    func place(of id: JobID) -> Int {
        if let job = jobs[id] { return job.sequence }
        return jobs.values.filter { $0.id > id }.map(\.sequence).min() ?? .max
    }

    /// The job, where `owner` may know of it.
    func job(_ id: JobID, owner: OwnerID?) -> MemoryJob? {
        guard let job = jobs[id], shows(job, to: owner) else { return nil }
        return job
    }

    func shows(_ job: MemoryJob, to owner: OwnerID?) -> Bool {
        guard let owner else { return true }
        return job.hasBodies && (job.owner == owner || fault == .leaksOwners)
    }

    /// Writes a job down and keeps its group's queue true.
    mutating func put(_ job: MemoryJob) {
        let old = jobs[job.id]
        if let old, old.state == .queued { unqueue(old) }
        if (old?.state == .queued) != (job.state == .queued) { noteQueued(job, waits: job.state == .queued) }
        if old?.state != job.state { noteMove(job, from: old?.state) }
        jobs[job.id] = job
        if job.state == .queued { queues[job.group, default: GroupQueue()].insert(.init(job), owner: job.owner) }
    }

    /// Takes a job out, and its key with it.
    mutating func remove(_ job: MemoryJob) {
        if job.state == .queued { unqueue(job) }
        if jobs[job.id] != nil {
            let kind = CountedJobs(job.state, JobKind(job.facts))
            let left = count(kind, by: -1)
            observer?(CommitNews(counts: [kind: left]))
        }
        jobs[job.id] = nil
        removeKey(of: job)
    }

    /// A job begins to wait, or ceases to.
    private mutating func noteQueued(_ job: MemoryJob, waits: Bool) {
        let size = QueueSize(jobs: 1, bytes: Int64(job.submitted.input.byteCount))
        var news: [String: QueueSize] = [:]
        for account in [job.owner.rawValue, job.submitted.facts.token?.rawValue].compactMap(\.self) {
            let known = queueSizes[account] ?? QueueSize()
            news[account] = waits ? known + size : known - size
            queueSizes[account] = news[account]?.jobs == 0 ? nil : news[account]
        }
        observer?(CommitNews(queues: news))
    }

    /// A job comes in, or is in another state now.
    private mutating func noteMove(_ job: MemoryJob, from old: JobState?) {
        let kind = JobKind(job.facts)
        var news: [CountedJobs: Int] = [:]
        if let old { news[CountedJobs(old, kind)] = count(CountedJobs(old, kind), by: -1) }
        news[CountedJobs(job.state, kind)] = count(CountedJobs(job.state, kind), by: 1)
        var move = JobMove(job.id, kind, from: old, to: job.state, errorClass: job.errorClass)
        if old == .queued, job.state == .running, let due = jobs[job.id]?.runAt {
            move.waited = job.attempts.last?.start.startedAt.since(due)
        }
        observer?(CommitNews(moves: [move], counts: news))
        if tellsSpans, job.state.isTerminal, let end = job.finishedAt {
            let former = job.retryOf.flatMap { jobs[$0]?.findable }
            observer?(CommitNews(spans: [.job(job.traced, job.state, job.errorClass, at: end, former: former)]))
        }
    }

    /// How many there are now.
    private mutating func count(_ jobs: CountedJobs, by change: Int) -> Int {
        let count = (counts[jobs] ?? 0) + change
        counts[jobs] = count == 0 ? nil : count
        return count
    }

    private mutating func unqueue(_ job: MemoryJob) {
        queues[job.group]?.remove(.init(job), owner: job.owner)
        if queues[job.group]?.isEmpty == true { queues[job.group] = nil }
    }
}

// MARK: Arrivals

/// What a submission found.
enum Arrival: Sendable {
    case new(MemoryJob)
    case replayed(JobID)
    case keyReused
    case noParent
}

private struct KeyName: Hashable, Sendable {
    var owner: OwnerID
    var key: String
}

private struct StoredKey: Sendable {
    var fingerprint: [UInt8]
    var job: JobID
    var expiresAt: Timestamp
}

extension MemoryState {
    /// Looks the key up and, for a new job, keeps it; the caller puts the job.
    ///
    /// - Throws: ``StoreError`` for an id that is taken.
    mutating func admit(_ job: NewJob) throws(StoreError) -> Arrival {
        let name = job.idempotencyKey.map { KeyName(owner: job.owner, key: $0) }
        var job = job
        var former: MemoryJob?
        if let name {
            switch submission(owner: name.owner, key: name.key, fingerprint: job.fingerprint, at: job.createdAt) {
            case .replayed(let id): return .replayed(id)
            case .keyReused: return .keyReused
            // A key that is known all the same is handed on.
            case .created, .noParent, nil:
                former = isOver(name, at: job.createdAt) ? nil : keys[name].flatMap { jobs[$0.job] }
            }
        }
        guard isContinuable(job) else { return .noParent }
        guard jobs[job.id] == nil else {
            throw StoreError(.corrupt, "a job \(job.id) is stored already; make a new id for each job")
        }
        if var former {
            if job.retryOf == nil { job.facts.terms.retryOf = former.id }
            former.supersededBy = job.id
            put(former)
        }
        if let name {
            let end = expiry.endOfKey(from: job.createdAt)
            keys[name] = StoredKey(fingerprint: job.fingerprint, job: job.id, expiresAt: end)
        }
        nextSequence += 1
        return .new(MemoryJob(job, sequence: nextSequence))
    }

    /// Whether what a job continues is there to be continued; true for one that begins anew.
    private func isContinuable(_ job: NewJob) -> Bool {
        guard let ancestry = job.ancestry, fault != .takesAnyParent else { return true }
        return jobs[ancestry.previous]?.predecessor.offers(itselfTo: job) ?? !Promise.parentIsThere.holds
    }

    private func isOver(_ name: KeyName, at now: Timestamp) -> Bool {
        keys[name].map { Expiry.isOver(key: $0.expiresAt, at: now, noted: notedTime) } ?? true
    }

    /// What a key stands for; nil for a new one, for one past its time, purged or not, and for one that is handed on.
    func submission(owner: OwnerID, key: String, fingerprint: [UInt8], at now: Timestamp) -> Submission? {
        let name = KeyName(owner: owner, key: key)
        guard let known = keys[name], !isOver(name, at: now), fault != .ignoresIdempotency else { return nil }
        guard known.fingerprint == fingerprint || fault == .ignoresFingerprint else { return .keyReused }
        let job = jobs[known.job]
        if let job, KeyHandover.letsGo(job.state, possiblyCharged: job.isPossiblyCharged) { return nil }
        return .replayed(known.job)
    }

    mutating func removeKeys(expiredAt now: Timestamp, limit: Int) -> Int {
        let over = keys.filter { $0.value.expiresAt <= now }.keys.prefix(max(limit, 0))
        for name in over { keys[name] = nil }
        return over.count
    }

    mutating func removeKey(of job: MemoryJob) {
        guard let key = job.submitted.idempotencyKey else { return }
        let name = KeyName(owner: job.owner, key: key)
        // After the key's own end a younger job may have it.
        if keys[name]?.job == job.id { keys[name] = nil }
    }
}
