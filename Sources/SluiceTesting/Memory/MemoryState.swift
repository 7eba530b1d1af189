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
    var configs: [String: [UInt8]] = [:]
    var notedTime: Timestamp?

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
        if let old = jobs[job.id], old.state == .queued { unqueue(old) }
        jobs[job.id] = job
        if job.state == .queued { queues[job.group, default: GroupQueue()].insert(.init(job), owner: job.owner) }
    }

    /// Takes a job out, and its key with it.
    mutating func remove(_ job: MemoryJob) {
        if job.state == .queued { unqueue(job) }
        jobs[job.id] = nil
        removeKey(of: job)
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
        if let name {
            let known = submission(owner: name.owner, key: name.key, fingerprint: job.fingerprint, at: job.createdAt)
            switch known {
            case .replayed(let id):
                let state = jobs[id]?.state
                guard id == job.retryOf, state == .dead || state == .cancelled else { return .replayed(id) }
            case .keyReused: return .keyReused
            case .created, nil: break
            }
        }
        guard jobs[job.id] == nil else {
            throw StoreError(.corrupt, "a job \(job.id) is stored already; make a new id for each job")
        }
        if let name {
            let end = max(job.createdAt, notedTime ?? job.createdAt).adding(retention.idempotencyKeys)
            keys[name] = StoredKey(fingerprint: job.fingerprint, job: job.id, expiresAt: end)
        }
        nextSequence += 1
        return .new(MemoryJob(job, sequence: nextSequence))
    }

    /// What a key stands for; nil for a new one, and for one past its time, purged or not.
    func submission(owner: OwnerID, key: String, fingerprint: [UInt8], at now: Timestamp) -> Submission? {
        guard let known = keys[KeyName(owner: owner, key: key)], fault != .ignoresIdempotency else { return nil }
        let believed = notedTime?.adding(JobLimits.clockLead) ?? now
        guard known.expiresAt > min(now, believed) else { return nil }
        let same = known.fingerprint == fingerprint || fault == .ignoresFingerprint
        return same ? .replayed(known.job) : .keyReused
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
