import SluiceStore
import SluiceTypes

/// How a worker ends its claim.
enum Ending: Sendable {
    case succeed(Success)
    case fail(Failure)
    case retryNow(Setback, AttemptStart)
    case release(Timestamp)
    case `defer`(AttemptReport, until: Timestamp)
}

// How workers, living or zombies, end their claims.

extension ModelWorld {
    /// Ends a claim in any way but a step to another row.
    @discardableResult
    mutating func settle(_ claim: ClaimedJob, _ ending: Ending) async throws -> Subject.Settled {
        let expected = settlement(of: claim, ending)
        try expectEqual(await play(claim, ending), expected, "the settlement")
        try await compare(claim.id)
        return expected
    }

    /// Ends a claim once more that was ended so before, and was answered so.
    ///
    /// Another answer of the provider than the first, and another price, must not replace them.
    mutating func settleAgain(_ claim: ClaimedJob, _ ending: Ending, answered first: Subject.Settled) async throws {
        var ending = ending
        if case .succeed(let success) = ending {
            var other = Success.sample(at: success.report.endedAt, text: "another text")
            other.report.entry?.cost = .priced(1_000_000)
            ending = .succeed(other)
        }
        // Unless its job was purged.
        let expected = jobs[claim.id] == nil ? .stale : first
        try expectEqual(await play(claim, ending), expected, "the settlement, repeated")
        try await compare(claim.id)
    }

    /// Moves on to another row: the claim on the next epoch, or nil when the job had moved on.
    mutating func retryNow(
        _ claim: ClaimedJob,
        after setback: Setback,
        _ start: AttemptStart
    ) async throws -> ClaimedJob? {
        let answer = await subject.retryNow(claim, after: setback, start)
        guard isCurrent(claim), var job = jobs[claim.id], let boot = job.boot else {
            recordLate(claim, .retryNow(setback, start))
            guard case .stale = answer else { throw ConformanceFailure("a zombie stepped: \(answer)", #fileID, #line) }
            try await compare(claim.id)
            return nil
        }
        guard case .renewed(let next) = answer else {
            throw ConformanceFailure("a step came to \(answer)", #fileID, #line)
        }
        job.moveOn(after: setback)
        // The process that steps is the one that claimed.
        job.claim(start, boot: boot)
        try check(next, job, start)
        jobs[claim.id] = job
        try await compare(claim.id)
        return next
    }

    private func play(_ claim: ClaimedJob, _ ending: Ending) async -> Subject.Settled {
        switch ending {
        case .succeed(let success): await subject.succeed(claim, success)
        case .fail(let failure): await subject.fail(claim, failure)
        case .retryNow: .stale
        case .release(let moment): await subject.release(claim, at: moment)
        case .defer(let report, let until): await subject.defer(claim, report, until: until)
        }
    }

    private mutating func settlement(of claim: ClaimedJob, _ ending: Ending) -> Subject.Settled {
        guard var job = jobs[claim.id], isCurrent(claim) else {
            recordLate(claim, ending)
            return .stale
        }
        defer { jobs[claim.id] = job }
        switch ending {
        case .succeed(let success): job.succeed(success, keep: subject.retention.succeeded)
        case .fail(let failure):
            let isLast = job.fail(failure, mayRetry: failure.retryAt != nil, keep: subject.retention.dead)
            if let retryAt = failure.retryAt, !isLast { job.wait(until: retryAt, after: failure) }
        case .release(let moment): job.release(at: moment)
        case .defer(let report, let until): job.defer(report, until: until)
        // Is played by itself.
        case .retryNow: break
        }
        return .settled(job.record.state, runAt: job.record.state == .queued ? job.record.runAt : nil)
    }

    private mutating func recordLate(_ claim: ClaimedJob, _ ending: Ending) {
        switch ending {
        case .succeed(let success): jobs[claim.id]?.recordLate(claim.epoch, success.report)
        case .fail(let failure): jobs[claim.id]?.recordLate(claim.epoch, failure.report)
        case .retryNow(let setback, _):
            if !setback.isDeferral { jobs[claim.id]?.recordLate(claim.epoch, setback.report) }
        case .release(let moment): jobs[claim.id]?.noteNothingSent(claim.epoch, at: moment)
        case .defer: break
        }
    }
}
