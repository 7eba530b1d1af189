import SluiceStore
import SluiceTypes

extension Subject {
    /// The job as an operator sees it.
    ///
    /// - Throws: ``ConformanceFailure`` when there is none.
    func record(_ id: JobID, fileID: String = #fileID, line: Int = #line) async throws -> JobRecord {
        guard let record = try await store.job(id, owner: nil) else {
            throw ConformanceFailure("job \(id) is not found", fileID, line)
        }
        note { $0.observed(record) }
        return record
    }

    /// The job's attempts as an operator sees them.
    ///
    /// - Throws: ``ConformanceFailure`` when the job is not found.
    func attempts(_ id: JobID, fileID: String = #fileID, line: Int = #line) async throws -> [AttemptRecord] {
        guard let attempts = try await store.attempts(id, owner: nil) else {
            throw ConformanceFailure("the attempts of job \(id) are not found", fileID, line)
        }
        return attempts
    }

    /// Every job there is, newest first, read page by page.
    func everyJob(owner: OwnerID? = nil, page: Int = 50) async throws -> [JobRecord] {
        var records: [JobRecord] = []
        var after: JobID?
        while true {
            let next = try await store.jobs(JobQuery(owner: owner, after: after, limit: page))
            try expect(next.count <= page, "a page of \(page) holds \(next.count) jobs")
            records += next
            try expect(Set(records.map(\.id)).count == records.count, "a job is on two pages of the list")
            after = next.next
            if after == nil { return records }
        }
    }

    /// Reads `before` again and holds it to exactly this change.
    @discardableResult
    func expectRecord(
        _ before: JobRecord,
        fileID: String = #fileID,
        line: Int = #line,
        became change: (inout JobRecord) -> Void
    ) async throws -> JobRecord {
        var expected = before
        change(&expected)
        let actual = try await record(before.id, fileID: fileID, line: line)
        let differences = actual.differences(from: expected)
        guard differences.isEmpty else {
            throw ConformanceFailure("job \(before.id): \(differences.joined(separator: "; "))", fileID, line)
        }
        return actual
    }

    /// Holds the job's history to exactly these attempts.
    func expectAttempts(
        _ id: JobID,
        _ expected: [AttemptRecord],
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let actual = try await attempts(id, fileID: fileID, line: line)
        guard actual.count == expected.count else {
            let message = "job \(id) has \(actual.count) attempts, and should have \(expected.count)"
            throw ConformanceFailure(message, fileID, line)
        }
        for (actual, expected) in zip(actual, expected) where !actual.fits(expected) {
            throw ConformanceFailure("an attempt is \(actual), and should be \(expected)", fileID, line)
        }
    }
}

extension JobRecord {
    /// What sets this record apart from the expected one, field by field.
    func differences(from expected: JobRecord) -> [String] {
        var differences: [String] = []
        func compare<Value: Equatable>(_ name: String, _ actual: Value, _ expected: Value) {
            if actual != expected { differences.append("\(name) is \(actual), and should be \(expected)") }
        }
        compare("facts", facts, expected.facts)
        compare("state", state, expected.state)
        compare("epoch", epoch, expected.epoch)
        compare("failures", failures, expected.failures)
        compare("interrupts", interrupts, expected.interrupts)
        compare("runAt", runAt, expected.runAt)
        compare("deferredSince", deferredSince, expected.deferredSince)
        compare("deadlineAt", deadlineAt, expected.deadlineAt)
        compare("finishedAt", finishedAt, expected.finishedAt)
        compare("expiresAt", expiresAt, expected.expiresAt)
        compare("bodiesUntil", bodiesUntil, expected.bodiesUntil)
        compare("supersededBy", supersededBy, expected.supersededBy)
        compare("errorClass", errorClass, expected.errorClass)
        compare("attempts", attempts, expected.attempts)
        compare("possiblyCharged", possiblyCharged, expected.possiblyCharged)
        compare("input", input, expected.input)
        compare("result", result, expected.result)
        let fits =
            lastAttempt.map { last in expected.lastAttempt.map(last.fits) ?? false } ?? (expected.lastAttempt == nil)
        if !fits { compare("lastAttempt", lastAttempt, expected.lastAttempt) }
        return differences
    }
}

extension AttemptRecord {
    /// Tells whether this is the expected attempt.
    ///
    /// Where the store itself closed an attempt, the contract tells the outcome and the end, not the rest of the report.
    func fits(_ expected: AttemptRecord) -> Bool {
        guard epoch == expected.epoch, start == expected.start, outcome == expected.outcome else { return false }
        switch expected.outcome {
        case .cancelled, .interrupted, .released:
            guard let report = expected.report, report == AttemptReport(endedAt: report.endedAt) else { break }
            return self.report?.endedAt == report.endedAt
        case nil, .ok, .failed, .late, .unknown, .deferred: break
        }
        return report == expected.report
    }

    /// This attempt, closed.
    func closed(_ outcome: AttemptOutcome, _ report: AttemptReport) -> AttemptRecord {
        AttemptRecord(epoch: epoch, start: start, outcome: outcome, report: report)
    }
}

extension JobRecord {
    /// This record, when `claim` was made.
    mutating func begin(_ claim: ClaimedJob) {
        state = .running
        epoch += 1
        attempts += 1
        lastAttempt = AttemptRecord(epoch: epoch, start: claim.start, outcome: nil, report: nil)
    }

    /// This record, when it ended.
    mutating func end(_ end: JobState, at moment: Timestamp, kept duration: Duration) {
        state = end
        finishedAt = moment
        expiresAt = moment.adding(duration)
        bodiesUntil = terms.keepsBodies.map { moment.adding($0) }
    }
}
