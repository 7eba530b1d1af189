import SluiceStore
import SluiceTypes

// How workers, living or zombies, end their claims.

extension ModelWalk {
    mutating func settle() async throws {
        // Zombies come up more often than by chance: they are what the fence is for.
        let zombies = held.indices.filter { held[$0].done == nil && !isCurrent(held[$0].claim) }
        let chosen = random.chance(15) ? pick(zombies) : nil
        guard let place = chosen ?? held.indices.randomElement(using: &random) else { return }
        let worker = held[place]
        held.swapAt(place, held.count - 1)
        held.removeLast()
        let ending = worker.done.map { again($0.ending) } ?? chooseEnding()
        if case .retryNow(let failure, let start) = ending {
            try await retryNow(worker.claim, failure, start)
        } else {
            let expected = worker.done.map { repeated($0.answer, worker.claim) } ?? settlement(of: worker.claim, ending)
            try expectEqual(await play(worker.claim, ending), expected, "the settlement")
            if random.chance(15) { held.append(Held(claim: worker.claim, done: (ending, expected))) }
        }
        try await compare(worker.claim.id)
    }

    private mutating func chooseEnding() -> Ending {
        let start = AttemptStart.sample(pick(ModelWalk.rows) ?? "alpha", at: now)
        return switch Int.random(in: 0..<100, using: &random) {
        case ..<30: .succeed(.sample(at: now, text: "text \(random.next() % 1000)"))
        case ..<60: .fail(failure(retryAt: random.chance(75) ? later(60) : nil))
        case ..<75: .retryNow(failure(retryAt: now), start)
        case ..<85: .release(now)
        default: .defer(.sample(at: now, .rateLimit), until: later(200))
        }
    }

    /// The same settlement once more; another answer than the first must not replace it.
    private func again(_ ending: Ending) -> Ending {
        guard case .succeed(let success) = ending else { return ending }
        return .succeed(.sample(at: success.report.endedAt, text: "another text"))
    }

    private mutating func failure(retryAt: Timestamp?) -> Failure {
        .sample(
            at: now,
            pick([.server, .timeout, .network, nil]) ?? nil,
            unknown: random.chance(30),
            counts: random.chance(60),
            retryAt: retryAt
        )
    }

    private func play(_ claim: ClaimedJob, _ ending: Ending) async -> Subject.Settled {
        switch ending {
        case .succeed(let success): await subject.succeed(claim, success)
        case .fail(let failure), .retryNow(let failure, _): await subject.fail(claim, failure)
        case .release(let moment): await subject.release(claim, at: moment)
        case .defer(let report, let until): await subject.defer(claim, report, until: until)
        }
    }

    /// A settlement that is repeated answers as before, unless its job was purged.
    private func repeated(_ answer: Subject.Settled, _ claim: ClaimedJob) -> Subject.Settled {
        jobs[claim.id] == nil ? .stale : answer
    }

    private func isCurrent(_ claim: ClaimedJob) -> Bool {
        guard let job = jobs[claim.id] else { return false }
        return job.isRunning && job.record.epoch == claim.epoch
    }

    private mutating func settlement(of claim: ClaimedJob, _ ending: Ending) -> Subject.Settled {
        guard var job = jobs[claim.id], isCurrent(claim) else {
            recordLate(claim, ending)
            return .stale
        }
        defer { jobs[claim.id] = job }
        switch ending {
        case .succeed(let success): job.succeed(success, keep: subject.retention.succeeded)
        case .fail(let failure), .retryNow(let failure, _):
            let isLast = job.fail(failure, mayRetry: failure.retryAt != nil, keep: subject.retention.dead)
            if let retryAt = failure.retryAt, !isLast { job.queue(at: retryAt) }
        case .release(let moment): job.release(at: moment)
        case .defer(let report, let until): job.defer(report, until: until)
        }
        return .settled(job.record.state, runAt: job.record.state == .queued ? job.record.runAt : nil)
    }

    private mutating func recordLate(_ claim: ClaimedJob, _ ending: Ending) {
        switch ending {
        case .succeed(let success): jobs[claim.id]?.recordLate(claim.epoch, success.report)
        case .fail(let failure), .retryNow(let failure, _):
            jobs[claim.id]?.recordLate(claim.epoch, failure.report)
        case .release(let moment): jobs[claim.id]?.noteNothingSent(claim.epoch, at: moment)
        case .defer: break
        }
    }

    private mutating func retryNow(_ claim: ClaimedJob, _ failure: Failure, _ start: AttemptStart) async throws {
        let answer = await subject.retryNow(claim, after: failure, start)
        guard var job = jobs[claim.id], isCurrent(claim) else {
            recordLate(claim, .retryNow(failure, start))
            guard case .stale = answer else {
                throw ConformanceFailure("a zombie's step came to \(answer)", #fileID, #line)
            }
            return
        }
        let isLast = job.fail(failure, mayRetry: true, keep: subject.retention.dead)
        switch answer {
        case .renewed(let next) where !isLast:
            // The process that steps is the one that claimed.
            if let boot = job.boot { job.claim(start, boot: boot) }
            try expectEqual(next.epoch, job.record.epoch, "the next epoch")
            try expectEqual(next.attempt, job.record.attempts, "the next attempt")
            try expectEqual(next.failures, job.record.failures, "the next claim's failures")
            try expectEqual(next.failedRows, job.failedRows, "the next claim's failed rows")
            held.append(Held(claim: next))
        case .exhausted where isLast: break
        case .renewed, .exhausted, .stale, .unsettled:
            throw ConformanceFailure("a step came to \(answer)", #fileID, #line)
        }
        jobs[claim.id] = job
    }
}
