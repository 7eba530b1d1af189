import SluiceStore
import SluiceTypes

extension ModelWorld {
    /// Compares one job with the model, as an operator, its owner and strangers see it, and holds it to I1 to I10.
    mutating func compare(_ id: JobID) async throws {
        guard var job = jobs[id] else {
            try await noteLines(of: id)
            return try await expectNothing(of: id)
        }
        let record = try await subject.record(id)
        job.adopt(record)
        jobs[id] = job
        let differences = record.differences(from: job.record)
        try expect(differences.isEmpty, "job \(id): \(differences.joined(separator: "; "))")
        try await subject.expectAttempts(id, job.attempts)
        try Invariants.checkRow(record)
        for owner in ModelWorld.owners {
            let isSeen = try await subject.store.job(id, owner: owner) != nil
            let maySee = owner == job.record.owner && job.hasBodies
            try expectEqual(isSeen, maySee, "I10: whether \(owner) sees job \(id) of \(job.record.owner)")
        }
        try checkPromises()
    }

    /// Compares all jobs, the lists, the groups and the counts.
    func compareEverything() async throws {
        for id in gone { try await expectNothing(of: id) }
        let listed = try await subject.everyJob(page: 500)
        try expectEqual(Set(listed.map(\.id)), Set(jobs.keys), "I1: the jobs that are stored")
        for record in listed {
            subject.note { $0.observed(record) }
            guard let job = jobs[record.id] else { continue }
            let differences = record.differences(from: job.record)
            try expect(differences.isEmpty, "job \(record.id): \(differences.joined(separator: "; "))")
            try Invariants.checkRow(record)
        }
        try await compareLists()
        try await compareSums()
        try await compareLedger()
        try checkPromises()
    }

    private func compareLists() async throws {
        for owner in ModelWorld.owners {
            let seen = jobs.values.filter { $0.record.owner == owner && $0.hasBodies }.map(\.record.id)
            let listed = try await subject.everyJob(owner: owner, page: 60)
            try expectEqual(Set(listed.map(\.id)), Set(seen), "I10: the jobs that \(owner) lists")
        }
    }

    private func compareSums() async throws {
        let records = jobs.values.map(\.record)
        let counts = Dictionary(grouping: records, by: \.state).mapValues(\.count)
        let stored = try await subject.store.counts().filter { $0.value != 0 }
        try expectEqual(stored, counts, "the counts")
        let queued = Dictionary(grouping: records.filter { $0.state == .queued }, by: \.group)
        let groups = queued.mapValues { $0.map(\.runAt).min() }
        let found = try await subject.store.groups().map { ($0.group, Optional($0.nextRunAt)) }
        try expectEqual(Dictionary(found) { first, _ in first }, groups, "the groups")
    }

    /// What all days add up to is what all lines do, those of purged jobs among them.
    func compareLedger() async throws {
        var (lines, days) = (sumsOfGone, LedgerSums())
        for id in jobs.keys { lines = lines + (try await sums(of: id)) }
        for day in try await subject.store.usage(UsageQuery(-1_000_000...1_000_000, by: [])) { days = days + day.sums }
        try expectEqual(days, lines, "the sums of the ledger")
        guard try await !subject.store.limits().isEmpty else { return }
        let spent = try await subject.store.spend().reduce(0) { LedgerSums.add($0, $1.counted) }
        try expectEqual(spent, lines.counted, "what was spent")
    }

    /// Gives everybody a budget for ever: what is spent is what all lines have counted then.
    func setBudgets() async throws {
        let budget = SpendingLimits.Budget(amount: .max, period: .ever, since: now)
        for owner in ModelWorld.owners {
            try await subject.store.setLimits(
                of: .owner(owner),
                to: SpendingLimits(budget: budget),
                at: now,
                audit: AuditEntry(at: now, actor: "test", action: "limits.set", subject: owner.rawValue, result: "ok")
            )
        }
    }

    /// Notes what the lines of a purged job add up to: nothing but a late answer changes them.
    mutating func noteLines(of id: JobID) async throws {
        let sums = try await sums(of: id)
        sumsOfGone = sumsOfGone - (linesOfGone[id] ?? LedgerSums()) + sums
        linesOfGone[id] = sums
    }

    private func sums(of id: JobID) async throws -> LedgerSums {
        let lines = try await subject.store.lines(of: id)
        for (epoch, guess) in jobs[id]?.guesses ?? [:] {
            let line = lines.first { $0.epoch == epoch }
            try expectEqual(line?.entry, guess, "what is guessed of attempt \(epoch) of job \(id)")
        }
        return lines.reduce(LedgerSums()) { $0 + LedgerSums($1.entry) }
    }

    private func expectNothing(of id: JobID) async throws {
        try expect(try await subject.store.job(id, owner: nil) == nil, "job \(id) is found, and should be gone")
        let attempts = try await subject.store.attempts(id, owner: nil)
        try expect(attempts == nil, "the attempts of job \(id) are found, and should be gone")
    }

    private func checkPromises() throws {
        let broken = subject.promises.broken
        try expect(broken.isEmpty, broken.joined(separator: "\n"))
    }
}
