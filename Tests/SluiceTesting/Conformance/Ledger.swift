import SluiceStore
import SluiceTypes

/// What a store has acknowledged, kept outside of it, and the guarantees it was seen to break.
struct Ledger: Sendable {
    /// What is known of one job.
    struct Promise: Sendable {
        var owner: OwnerID
        /// The highest number seen.
        var epoch: Int64 = 0
        /// How it ended, unless it was redriven since.
        var end: JobState?
        var result: JobResult?
        /// The epochs that were opened by a claim, in order.
        var opened: [Int64] = []
        var hasBodies = true
        /// True once it was seen that it may have been charged.
        var possiblyCharged = false
        /// True once a purge was entitled to take it.
        var mayBeGone = false
    }

    struct Key: Hashable, Sendable {
        var owner: OwnerID
        var key: String
    }

    struct KnownKey: Sendable {
        var fingerprint: [UInt8]
        var job: JobID
        var createdAt: Timestamp
    }

    private(set) var jobs: [JobID: Promise] = [:]
    private var keys: [Key: KnownKey] = [:]
    /// One sentence each, beginning with the guarantee's name.
    private(set) var broken: [String] = []
    private let retention: Retention

    init(retention: Retention) {
        self.retention = retention
    }

    mutating func submitted(_ job: NewJob, _ answer: Submission) {
        if case .created(let id) = answer { jobs[id] = Promise(owner: job.owner) }
        guard let text = job.idempotencyKey else { return }
        let name = Key(owner: job.owner, key: text)
        var known = keys[name]
        // Past its time a key is free again.
        if let old = known, old.createdAt.adding(retention.idempotencyKeys) <= job.createdAt { known = nil }
        // A job that ended without an answer, and surely cost nothing, hands its key on.
        let isNew =
            switch answer {
            case .created, .noParent: true
            case .replayed, .keyReused: false
            }
        if isNew, let old = known, old.fingerprint == job.fingerprint, let promise = jobs[old.job],
            promise.end == .dead || promise.end == .cancelled, !promise.possiblyCharged
        {
            known = nil
        }
        switch answer {
        case .created(let id), .replayed(let id):
            if let known, known.job != id { broken.append("I9: key \(text) names \(id) after \(known.job)") }
            if let known, known.fingerprint != job.fingerprint {
                broken.append("I9: key \(text) was taken with another fingerprint")
            }
            keys[name] = known ?? KnownKey(fingerprint: job.fingerprint, job: id, createdAt: job.createdAt)
        case .keyReused:
            if known?.fingerprint == job.fingerprint { broken.append("I9: key \(text) was refused to its own request") }
        case .noParent:
            if known != nil { broken.append("I9: key \(text) was known, and did not answer") }
        }
    }

    mutating func opened(_ claim: ClaimedJob) {
        guard let promise = jobs[claim.id] else {
            broken.append("job \(claim.id) was claimed and never submitted")
            return
        }
        if promise.epoch >= claim.epoch { broken.append("I4: epoch \(claim.epoch) was opened after \(promise.epoch)") }
        if let end = promise.end { broken.append("I2: a job that is \(end) was claimed") }
        jobs[claim.id]?.opened.append(claim.epoch)
        jobs[claim.id]?.epoch = max(promise.epoch, claim.epoch)
    }

    /// Notes what a settlement came to; one that was only repeated tells nothing of a job that has moved on since.
    mutating func settled(_ claim: ClaimedJob, as state: JobState) {
        guard state.isTerminal, let promise = jobs[claim.id], claim.epoch >= promise.epoch else { return }
        jobs[claim.id]?.end = state
    }

    mutating func rescued(_ rescue: Rescue) {
        if let end = jobs[rescue.id]?.end { broken.append("I2: a job that is \(end) was rescued") }
        jobs[rescue.id]?.epoch += 1
        jobs[rescue.id]?.end = rescue.state.isTerminal ? rescue.state : nil
    }

    mutating func expired(_ id: JobID) {
        if let end = jobs[id]?.end { broken.append("I2: a job that is \(end) expired") }
        jobs[id]?.end = .dead
    }

    mutating func cancelled(_ id: JobID) {
        if let end = jobs[id]?.end { broken.append("I2: a job that is \(end) was cancelled") }
        jobs[id]?.epoch += 1
        jobs[id]?.end = .cancelled
    }

    mutating func redriven(_ id: JobID) {
        if let end = jobs[id]?.end, end != .dead { broken.append("I2: a job that is \(end) was redriven") }
        jobs[id]?.epoch += 1
        jobs[id]?.end = nil
    }

    mutating func bodiesDeleted(_ id: JobID) {
        jobs[id]?.hasBodies = false
        jobs[id]?.result = nil
        keys = keys.filter { $0.value.job != id }
    }

    /// Jobs and keys that a purge at `now` may take.
    mutating func purging(_ ids: [JobID], at now: Timestamp) {
        for id in ids { jobs[id]?.mayBeGone = true }
        keys = keys.filter { _, known in
            known.createdAt.adding(retention.idempotencyKeys) > now && jobs[known.job]?.mayBeGone != true
        }
    }

    /// Drops what is known of jobs that a purge has taken: whichever of them is seen again was never submitted.
    mutating func forget(_ ids: Set<JobID>) {
        for id in ids {
            if jobs[id]?.mayBeGone == false { broken.append("I1: job \(id) was acknowledged and is gone") }
            jobs[id] = nil
        }
    }

    /// Compares a record with what was acknowledged before.
    mutating func observed(_ record: JobRecord) {
        guard var promise = jobs[record.id] else {
            broken.append("job \(record.id) is stored and was never submitted")
            return
        }
        if record.epoch < promise.epoch { broken.append("I4: epoch \(record.epoch) was seen after \(promise.epoch)") }
        if let end = promise.end, record.state != end { broken.append("I2: a job that was \(end) is \(record.state)") }
        if let result = promise.result, record.result != result {
            broken.append("I3: the result of job \(record.id) has changed")
        }
        promise.epoch = max(promise.epoch, record.epoch)
        promise.possiblyCharged = record.possiblyCharged
        promise.result = promise.result ?? record.result
        jobs[record.id] = promise
    }
}
