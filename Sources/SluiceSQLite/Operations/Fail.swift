import GRDB
import SluiceStore
import SluiceTypes

/// running → queued at its next try, or dead.
struct Fail: WriteOperation {
    var claim: ClaimedJob
    var failure: Failure

    var payload: Int { failure.output?.payload ?? 0 }

    func run(_ db: Database, _ state: inout WriterState) throws -> Settled {
        let end = failure.end(of: claim)
        guard let seq = try db.held(claim) else {
            switch try db.standing(of: claim, closing: failure.outcome, late: (failure.report, failure.output), &state)
            {
            case .repeated: return Settled(end)
            case .stale: return .stale
            }
        }
        switch end {
        case .queued(let moment):
            try db.requeue(seq, claim, at: moment, failure)
            try db.noteMove(seq, from: .running, to: .queued, &state)
            state.lines.note(claim.group, of: claim.owner, dueAt: moment)
        case .dead(let cause):
            try db.bury(seq, claim, failure, state.expiry)
            state.note(claim.id, JobKind(claim.facts), from: .running, to: .dead, errorClass: cause)
        }
        try db.closeAttempt(seq, of: claim, as: failure.outcome, failure.report, &state)
        if case .dead(let cause) = end {
            try db.noteEnd(seq, of: claim, as: .dead, cause, at: failure.report.endedAt, &state)
        }
        try db.keepOutput(seq, epoch: claim.epoch, failure.output)
        return Settled(end)
    }
}

extension Settled {
    fileprivate init(_ end: FailureRule.End) {
        switch end {
        case .queued(let moment): self = .settled(.queued, runAt: moment)
        case .dead: self = .settled(.dead, runAt: nil)
        }
    }
}

extension Database {
    fileprivate func requeue(_ seq: Int64, _ claim: ClaimedJob, at moment: Timestamp, _ failure: Failure) throws {
        try run(
            """
            UPDATE job
            SET state = 'queued', boot = NULL, run_at = ?3, failures = failures + ?4, deferred_since = ?5
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            moment,
            failure.step,
            failure.deferredSince(after: claim.deferredSince)
        )
    }

    func bury(_ seq: Int64, _ claim: ClaimedJob, _ failure: Failure, _ expiry: Expiry) throws {
        try run(
            """
            UPDATE job
            SET state = 'dead', boot = NULL, deferred_since = NULL, failures = failures + ?3,
                finished_at = ?4, expires_at = ?5, error_class = ?6, bodies_until = ?7 + keeps_bodies
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            failure.step,
            failure.report.endedAt,
            expiry.end(of: .dead, at: failure.report.endedAt),
            failure.report.errorClass ?? .unknown,
            expiry.start(at: failure.report.endedAt)
        )
    }
}
