import SluiceStore
import SluiceTypes

/// A job's row and everything that hangs on it.
struct MemoryJob: Sendable {
    /// The order of arrival.
    let sequence: Int
    /// What was submitted; its bodies are emptied by a deletion.
    private(set) var submitted: NewJob
    private(set) var hasBodies = true
    var model: String
    var state = JobState.queued
    var epoch: Int64 = 0
    var failures = 0
    var interrupts = 0
    var runAt: Timestamp
    var deferredSince: Timestamp?
    var deadlineAt: Timestamp?
    /// The process life that runs it; nil unless it is running.
    var boot: BootID?
    var finishedAt: Timestamp?
    var expiresAt: Timestamp?
    var errorClass: ErrorClass?
    var result: JobResult?
    /// By epoch.
    private(set) var outputs: [Int64: AttemptOutput] = [:]
    /// Oldest first.
    private(set) var attempts: [AttemptRecord] = []

    init(_ submitted: NewJob, sequence: Int) {
        self.sequence = sequence
        self.submitted = submitted
        model = submitted.model
        runAt = submitted.runAt
        deadlineAt = submitted.deadlineAt
    }

    var id: JobID { submitted.id }
    var owner: OwnerID { submitted.owner }

    var group: JobGroup {
        JobGroup(lane: submitted.lane, operation: submitted.operation, model: model)
    }

    /// The provider rows whose attempts went wrong, in whatever life of the job.
    var failedRows: Set<String> {
        Set(attempts.lazy.filter { $0.outcome == .failed || $0.outcome == .unknown }.map(\.start.row))
    }

    /// Attempts that were more than a place given back; the running one counts.
    var attemptCount: Int {
        attempts.count { $0.outcome != .released }
    }

    func attempt(_ epoch: Int64) -> AttemptRecord? {
        attempts.last { $0.epoch == epoch }
    }

    /// running at the next epoch, with its attempt.
    mutating func begin(_ start: AttemptStart, boot: BootID) {
        epoch += 1
        state = .running
        self.boot = boot
        attempts.append(AttemptRecord(epoch: epoch, start: start, outcome: nil, report: nil))
    }

    /// queued, due at `moment`.
    mutating func queue(at moment: Timestamp) {
        state = .queued
        boot = nil
        runAt = moment
    }

    /// One of the three ends.
    mutating func end(as end: JobState, at moment: Timestamp, keeping retention: Retention, noted: Timestamp?) {
        state = end
        boot = nil
        finishedAt = moment
        expiresAt = max(moment, noted ?? moment).adding(retention.time(for: end))
    }

    mutating func close(
        _ epoch: Int64,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        output: AttemptOutput? = nil
    ) {
        guard let place = attempts.lastIndex(where: { $0.epoch == epoch }) else { return }
        attempts[place].outcome = outcome
        attempts[place].report = report
        if let output, hasBodies { outputs[epoch] = output }
    }

    /// Takes the newest attempt out of the history; only a fault does.
    mutating func forgetNewestAttempt() {
        attempts.removeLast()
    }

    mutating func dropBodies() {
        hasBodies = false
        submitted.input.body = []
        submitted.input.metadata = nil
        outputs = [:]
        result = nil
    }
}

extension MemoryJob {
    /// The job as its worker sees it; it must be running.
    func claimed(_ start: AttemptStart) -> ClaimedJob {
        ClaimedJob(
            id: id,
            epoch: epoch,
            owner: owner,
            surface: submitted.surface,
            operation: submitted.operation,
            model: model,
            stream: submitted.stream,
            lane: submitted.lane,
            failures: failures,
            interrupts: interrupts,
            attempt: attemptCount,
            deferredSince: deferredSince,
            deadlineAt: deadlineAt,
            onUnknown: submitted.onUnknown,
            createdAt: submitted.createdAt,
            input: submitted.input,
            start: start,
            failedRows: failedRows
        )
    }

    func progress(withLog: Bool) -> JobProgress {
        let output = withLog ? attempts.last.flatMap { outputs[$0.epoch] } : nil
        return JobProgress(
            state: state,
            attempt: attempts.last,
            log: output.map { StoredLog(bytes: $0.log, isComplete: $0.complete) }
        )
    }

    var record: JobRecord {
        JobRecord(
            id: id,
            owner: owner,
            token: submitted.token,
            surface: submitted.surface,
            operation: submitted.operation,
            model: model,
            stream: submitted.stream,
            lane: submitted.lane,
            state: state,
            epoch: epoch,
            failures: failures,
            interrupts: interrupts,
            onUnknown: submitted.onUnknown,
            runAt: runAt,
            deferredSince: deferredSince,
            deadlineAt: deadlineAt,
            createdAt: submitted.createdAt,
            finishedAt: finishedAt,
            expiresAt: expiresAt,
            retryOf: submitted.retryOf,
            errorClass: errorClass,
            attempts: attemptCount,
            possiblyCharged: attempts.contains { $0.outcome?.isPossiblyCharged == true },
            lastAttempt: attempts.last,
            input: hasBodies ? submitted.input : nil,
            result: result
        )
    }
}

extension Retention {
    /// How long a job that ended as `end` is kept.
    fileprivate func time(for end: JobState) -> Duration {
        switch end {
        case .succeeded: succeeded
        case .dead: dead
        case .cancelled, .queued, .running: cancelled
        }
    }
}
