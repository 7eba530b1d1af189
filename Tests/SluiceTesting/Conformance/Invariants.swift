import SluiceStore
import SluiceTypes

/// The guarantees I1 to I10 of `docs/jobs.md`, as far as they can be read through the contract.
enum Invariants {
    private static let stranger = OwnerID(rawValue: "nobody's name")
    private static let nextLife = BootID(rawValue: "ffffffffffffffff")

    /// Compares all that is stored with all that was acknowledged; at the end every running job is rescued.
    ///
    /// - Throws: ``ConformanceFailure`` for the first guarantee that does not hold.
    static func check(_ subject: Subject) async throws {
        let records = try await checkStored(subject)
        try await checkOrphans(records, subject)
    }

    /// Compares all that is stored with all that was acknowledged, and leaves it as it is.
    ///
    /// - Throws: ``ConformanceFailure`` for the first guarantee that does not hold.
    @discardableResult
    static func checkStored(_ subject: Subject) async throws -> [JobRecord] {
        let records = try await read(subject)
        for record in records {
            let attempts = try await subject.attempts(record.id)
            try checkRow(record)
            try checkHistory(record, attempts, subject.promises.jobs[record.id])
            try await checkIsolation(record, subject)
        }
        try checkThreads(records)
        try await checkSums(records, subject)
        try await checkQueues(records, subject)
        let broken = subject.promises.broken
        try expect(broken.isEmpty, broken.joined(separator: "\n"))
        return records
    }

    /// What is kept of queues is what waits.
    private static func checkQueues(_ records: [JobRecord], _ subject: Subject) async throws {
        var sizes: [String: QueueSize] = [:]
        for record in records where record.state == .queued {
            let size = QueueSize(jobs: 1, bytes: Int64(record.input?.byteCount ?? 0))
            for account in [record.owner.rawValue, record.token?.rawValue].compactMap(\.self) {
                sizes[account] = (sizes[account] ?? QueueSize()) + size
            }
        }
        try expectEqual(try await subject.store.queueSizes(), sizes, "what is kept of queues")
    }

    /// I1, and the list agrees with the single reads.
    private static func read(_ subject: Subject) async throws -> [JobRecord] {
        let listed = try await subject.everyJob()
        var records: [JobRecord] = []
        for (id, promise) in subject.promises.jobs.sorted(by: { $0.key < $1.key }) {
            guard let record = try await subject.store.job(id, owner: nil) else {
                try expect(promise.mayBeGone, "I1: job \(id) was acknowledged and is gone")
                continue
            }
            subject.note { $0.observed(record) }
            records.append(record)
        }
        try expectEqual(Set(listed.map(\.id)), Set(records.map(\.id)), "the list of jobs")
        return records
    }

    /// What ties a row's columns to its state; I5 and I6.
    static func checkRow(_ record: JobRecord) throws {
        var name: String { "job \(record.id), \(record.state), epoch \(record.epoch)," }
        let hasEnded = record.state.isTerminal
        try expect((record.finishedAt != nil) == hasEnded, "\(name) has the end \(record.finishedAt as Any)")
        try expect((record.expiresAt != nil) == hasEnded, "\(name) has the expiry \(record.expiresAt as Any)")
        try expect(
            (record.errorClass != nil) == (record.state == .dead),
            "\(name) has the error \(record.errorClass as Any)"
        )
        try expect(record.failures <= record.facts.terms.tries, "I6: \(name) has \(record.failures) failures")
        try expect(record.interrupts <= JobLimits.interrupts, "I6: \(name) has \(record.interrupts) interrupts")
        if record.failures == record.facts.terms.tries || record.interrupts == JobLimits.interrupts {
            try expect(hasEnded, "I6: \(name) goes on past a limit")
        }
        if record.supersededBy != nil {
            try expect(hasEnded && record.state != .succeeded, "I9: \(name) goes on though its key was handed on")
            try expect(!record.possiblyCharged, "I9: \(name) may have been charged, and its key was handed on")
        }
        let wantsResult = record.state == .succeeded && record.input != nil
        try expect((record.result != nil) == wantsResult, "I3: \(name) has the result \(record.result as Any)")
        if let result = record.result {
            try expectEqual(result.epoch, record.epoch, "I5: the result's epoch of \(name)")
            try expect(record.lastAttempt?.outcome == .ok, "I5: \(name) has a result without a good attempt")
        }
    }

    /// I7: one attempt for each claim, all but a running job's last one closed.
    static func checkHistory(
        _ record: JobRecord,
        _ attempts: [AttemptRecord],
        _ promise: Ledger.Promise?
    ) throws {
        try expectEqual(attempts.map(\.epoch), promise?.opened ?? [], "I7: the epochs of job \(record.id)'s attempts")
        let open = attempts.filter { $0.outcome == nil }.map(\.epoch)
        try expectEqual(
            open,
            record.state == .running ? [record.epoch] : [],
            "I7: the open attempts of job \(record.id)"
        )
        for attempt in attempts {
            try expect((attempt.report == nil) == (attempt.outcome == nil), "an attempt's outcome and report disagree")
        }
        try expectEqual(record.lastAttempt, attempts.last, "the last attempt of job \(record.id)")
        let counted = attempts.count { $0.outcome != .released }
        try expectEqual(record.attempts, counted, "the number of attempts of job \(record.id)")
        let charged = attempts.contains { $0.outcome?.isPossiblyCharged == true }
        try expectEqual(record.possiblyCharged, charged, "possiblyCharged of job \(record.id)")
    }

    /// What a job continues is there for as long as the job waits or runs.
    private static func checkThreads(_ records: [JobRecord]) throws {
        let stored = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        for record in records {
            guard let ancestry = record.ancestry else { continue }
            guard let previous = stored[ancestry.previous] else {
                try expect(
                    record.state.isTerminal,
                    "job \(record.id) is \(record.state), and what it continues is gone"
                )
                continue
            }
            try expectEqual(ancestry, Ancestry(continuing: previous), "the ancestry of job \(record.id)")
            try expectEqual(previous.owner, record.owner, "the owner of what job \(record.id) continues")
        }
    }

    /// I10.
    private static func checkIsolation(_ record: JobRecord, _ subject: Subject) async throws {
        let store = subject.store
        try expect(try await store.job(record.id, owner: stranger) == nil, "I10: a stranger reads job \(record.id)")
        try expect(
            try await store.attempts(record.id, owner: stranger) == nil,
            "I10: a stranger reads the attempts of job \(record.id)"
        )
        let cancelled = try await subject.cancel(record.id, owner: stranger, at: record.createdAt)
        try expectEqual(cancelled, .notFound, "I10: a stranger's cancellation of job \(record.id)")
        let own = try await store.job(record.id, owner: record.owner)
        try expect((own != nil) == (record.input != nil), "the owner sees a job with deleted bodies, or not its own")
    }

    /// The sums agree with the rows.
    private static func checkSums(_ records: [JobRecord], _ subject: Subject) async throws {
        let strange = try await subject.store.jobs(JobQuery(owner: stranger, limit: 10))
        try expect(strange.isEmpty, "I10: a stranger lists \(strange.count) jobs")
        let counts = try await subject.store.counts()
        for state in JobState.allCases {
            let count = records.count { $0.state == state }
            try expectEqual(counts[state] ?? 0, count, "the count of jobs that are \(state)")
        }
        let queued = Dictionary(grouping: records.filter { $0.state == .queued }, by: \.group)
        let groups = queued.map { group, jobs in
            let owners = Set(Set(jobs.map(\.owner)).sorted().prefix(GroupState.mostOwners))
            return GroupState(group: group, nextRunAt: jobs.map(\.runAt).min() ?? jobs[0].runAt, owners: owners)
        }
        let stored = try await subject.store.groups()
        try expectEqual(stored.count, groups.count, "the number of groups")
        try expectEqual(Set(stored), Set(groups), "the groups that hold queued jobs")
    }

    /// I8: another life finds every running job, and no other.
    private static func checkOrphans(_ records: [JobRecord], _ subject: Subject) async throws {
        let running = Set(records.filter { $0.state == .running }.map(\.id))
        let now = Timestamp(milliseconds: 2_000_000_000_000)
        var rescued: Set<JobID> = []
        for _ in 0...running.count {
            let slice = try await subject.rescue(boot: nextLife, at: now, limit: 50)
            rescued.formUnion(slice.map(\.id))
            if slice.isEmpty { break }
        }
        try expectEqual(rescued, running, "I8: the jobs that another life rescues")
        try expectEqual(try await subject.store.counts()[.running] ?? 0, 0, "I8: the count of orphans after a rescue")
    }
}
