import SluiceStore
import SluiceTypes

/// A job's row and everything that hangs on it.
struct MemoryJob: JobShape, Sendable {
    /// The order of arrival.
    let sequence: Int
    /// What was submitted; its bodies are emptied by a deletion.
    private(set) var submitted: NewJob
    private(set) var hasBodies = true
    var facts: JobFacts
    /// The job that has its idempotency key now.
    var supersededBy: JobID?
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
    var bodiesUntil: Timestamp?
    var errorClass: ErrorClass?
    var result: JobResult?
    /// By epoch.
    private(set) var outputs: [Int64: AttemptOutput] = [:]
    /// Oldest first.
    private(set) var attempts: [AttemptRecord] = []

    init(_ submitted: NewJob, sequence: Int) {
        self.sequence = sequence
        self.submitted = submitted
        facts = submitted.facts
        runAt = submitted.runAt
        deadlineAt = submitted.deadlineAt
    }

    /// What its spans tell.
    var traced: TracedJob { TracedJob(facts, hasBodies ? submitted.input.trace : nil) }

    /// The same, where those can still be found.
    var findable: TracedJob? { hasBodies || terms.entry != .call ? traced : nil }

    /// True when a call that is not the result may have been billed.
    var isPossiblyCharged: Bool { attempts.contains { $0.outcome?.isPossiblyCharged == true } }

    /// What the ended attempts tell of the next one.
    var history: JobHistory {
        var history = JobHistory()
        for attempt in attempts where attempt.outcome != nil {
            history.note(
                attempt.outcome,
                on: attempt.start.row,
                attempt.report?.errorClass,
                at: attempt.report?.endedAt,
                since: deferredSince
            )
        }
        return history
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
    mutating func end(as end: JobState, at moment: Timestamp, _ expiry: Expiry) {
        state = end
        boot = nil
        finishedAt = moment
        expiresAt = expiry.end(of: end, at: moment)
        bodiesUntil = expiry.endOfBodies(keptFor: terms.keepsBodies, at: moment)
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
        attempts[place].start.stake = nil
        if let output, hasBodies { outputs[epoch] = output }
    }

    /// Takes the newest attempt out of the history; only a fault does.
    mutating func forgetNewestAttempt() {
        attempts.removeLast()
    }

    mutating func dropWords(strangers: Set<String>) {
        submitted.facts.terms.session = nil
        for place in attempts.indices {
            let entry = attempts[place].report?.entry
            attempts[place].report?.entry = entry?.withoutWords(strangers: strangers)
        }
    }

    mutating func dropBodies() {
        hasBodies = false
        bodiesUntil = nil
        submitted.input = JobInput(body: [])
        outputs = [:]
        result = nil
    }
}

extension MemoryJob {
    /// The job as its worker sees it; it must be running.
    func claimed(_ start: AttemptStart) -> ClaimedJob {
        ClaimedJob(
            facts,
            epoch: epoch,
            failures: failures,
            interrupts: interrupts,
            deferredSince: deferredSince,
            deadlineAt: deadlineAt,
            input: submitted.input,
            start: start,
            history: history
        )
    }

    /// The job as one that takes up its answer has to know it.
    var predecessor: Predecessor {
        Predecessor(
            id: id,
            owner: owner,
            ancestry: ancestry,
            state: state,
            keepsBodies: terms.keepsBodies,
            hasBodies: !submitted.input.body.isEmpty && result != nil
        )
    }

    /// What is told of it to one that takes up its answer; nil where there is no answer.
    var ancestor: Ancestor? {
        guard let result, let finishedAt, let attempt = attempt(result.epoch) else { return nil }
        let output = outputs[result.epoch].flatMap { result.body.isEmpty && !$0.log.isEmpty ? $0 : nil }
        return Ancestor(
            id: id,
            format: format,
            finishedAt: finishedAt,
            input: submitted.input.body,
            result: result.body,
            log: output.map { StoredLog(bytes: $0.log, isComplete: $0.complete) },
            account: attempt.start.account,
            upstreamID: attempt.report?.upstreamID
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
        var record = JobRecord(
            facts,
            state: state,
            epoch: epoch,
            failures: failures,
            interrupts: interrupts,
            runAt: runAt,
            deferredSince: deferredSince,
            deadlineAt: deadlineAt,
            finishedAt: finishedAt,
            expiresAt: expiresAt,
            bodiesUntil: bodiesUntil,
            supersededBy: supersededBy,
            errorClass: errorClass,
            input: hasBodies ? submitted.input : nil,
            result: result
        )
        for attempt in attempts { record.add(attempt) }
        return record
    }
}
