import SluiceStore
import SluiceTypes

/// A job as `docs/jobs.md` says it moves.
struct ModelJob {
    var record: JobRecord
    var attempts: [AttemptRecord] = []
    /// The process life of the newest claim.
    var boot: BootID?
    /// Values of `deferred_since` that the contract permits beside the record's own.
    var deferredSinceMayBe: [Timestamp?] = []
    var runAtMayBe: [Timestamp] = []
    var expiresAtMayBe: [Timestamp] = []

    private let timeGiven: Duration?

    init(_ job: NewJob) {
        timeGiven = job.timeGiven
        record = JobRecord(queued: job)
    }

    var isRunning: Bool { record.state == .running }
    var hasEnded: Bool { record.finishedAt != nil }
    var hasBodies: Bool { record.input != nil }
    /// What was told of each attempt when it began, by epoch.
    private var stakes: [Int64: AttemptStake] = [:]

    /// Whether its answer can be taken up.
    var isOffered: Bool { record.state == .succeeded && hasBodies && record.terms.keepsBodies == nil }

    var failedRows: Set<String> {
        Set(attempts.filter { [.failed, .unknown].contains($0.outcome) }.map(\.start.row))
    }

    /// What is guessed of attempts that nobody saw the end of, and of which nothing was told since; by epoch.
    var guesses: [Int64: LedgerEntry] {
        let unseen = attempts.filter {
            [.cancelled, .interrupted].contains($0.outcome) && $0.report?.entry == nil
        }
        return Dictionary(unseen.map { ($0.epoch, .guessed(stakes[$0.epoch])) }) { first, _ in first }
    }

    mutating func claim(_ start: AttemptStart, boot: BootID) {
        record.state = .running
        record.epoch += 1
        stakes[record.epoch] = start.stake
        self.boot = boot
        attempts.append(AttemptRecord(epoch: record.epoch, start: start, outcome: nil, report: nil))
        addUp()
    }

    mutating func succeed(_ success: Success, keep: Duration) {
        close(.ok, success.report)
        record.deferredSince = nil
        record.result = success.result(epoch: record.epoch)
        record.end(.succeeded, at: success.report.endedAt, kept: keep)
    }

    /// True when the failure was the last.
    mutating func fail(_ failure: Failure, mayRetry: Bool, keep: Duration) -> Bool {
        close(failure.outcomeIsUnknown ? .unknown : .failed, failure.report)
        if failure.counts { record.failures += 1 }
        guard record.failures < record.facts.terms.tries, mayRetry else {
            deferredSinceMayBe = [nil]
            record.errorClass = failure.report.errorClass ?? .unknown
            record.end(.dead, at: failure.report.endedAt, kept: keep)
            return true
        }
        if failure.endsPatience { record.deferredSince = nil }
        return false
    }

    /// A failed job goes back to the queue: one that its failure cost nothing has been put off.
    mutating func wait(until moment: Timestamp, after failure: Failure) {
        let wasPutOff = !failure.counts && !failure.outcomeIsUnknown
        if wasPutOff, record.deferredSince == nil { record.deferredSince = failure.report.endedAt }
        queue(at: moment)
    }

    /// Another row is asked: that costs the job nothing.
    mutating func moveOn(after setback: Setback) {
        close(setback.isDeferral ? .deferred : .failed, setback.report)
    }

    mutating func queue(at moment: Timestamp) {
        record.state = .queued
        record.runAt = moment
    }

    mutating func release(at now: Timestamp) {
        close(.released, AttemptReport(endedAt: now))
        deferredSinceMayBe = [nil]
        queue(at: now)
    }

    mutating func `defer`(_ report: AttemptReport, until moment: Timestamp) {
        close(.deferred, report)
        if record.deferredSince == nil { record.deferredSince = report.endedAt }
        queue(at: moment)
    }

    mutating func cancel(at now: Timestamp, keep: Duration) {
        if isRunning { close(.cancelled, AttemptReport(endedAt: now)) }
        record.epoch += 1
        deferredSinceMayBe = [nil]
        record.end(.cancelled, at: now, kept: keep)
    }

    mutating func rescue(at now: Timestamp, keep: Duration) {
        close(.interrupted, AttemptReport(endedAt: now))
        record.epoch += 1
        record.interrupts += 1
        deferredSinceMayBe = [nil]
        let isPoison = record.interrupts == 5
        if isPoison || record.onUnknown == .deadLetter {
            record.errorClass = isPoison ? .poison : .interrupted
            record.end(.dead, at: now, kept: keep)
        } else {
            runAtMayBe = [now]
            record.state = .queued
        }
    }

    mutating func redrive(model: String?, at now: Timestamp) {
        record.facts.redrivenAt = now
        record.epoch += 1
        record.failures = 0
        record.interrupts = 0
        record.errorClass = nil
        record.finishedAt = nil
        record.expiresAt = nil
        record.deadlineAt = timeGiven.map { now.adding($0) }
        record.deferredSince = nil
        if let model { (record.facts.model, record.facts.route) = (model, model) }
        queue(at: now)
    }

    mutating func expire(as cause: ErrorClass = .expired, at now: Timestamp, keep: Duration) {
        deferredSinceMayBe = [nil]
        record.errorClass = cause
        record.end(.dead, at: now, kept: keep)
    }

    /// The last moment at which something is known to have happened to it.
    private var knownAt: Timestamp {
        attempts.compactMap { $0.report?.endedAt }.reduce(record.createdAt, max)
    }

    /// Whether it waits only because the clock went back: a short pause from a moment that is to come, or longer than any
    /// caller may ask for.
    func isMisplaced(at now: Timestamp) -> Bool {
        guard record.state == .queued, record.runAt > now else { return false }
        if record.runAt > now.adding(JobLimits.delay + .seconds(86_400)) { return true }
        return knownAt > now.adding(JobLimits.pause) && record.runAt >= knownAt
            && record.runAt <= knownAt.adding(JobLimits.pause)
    }

    mutating func realign(at now: Timestamp) {
        let ahead = knownAt > now ? knownAt.since(now) : record.runAt.since(now)
        if record.createdAt > now {
            record.deadlineAt = record.deadlineAt?.adding(now.since(record.createdAt))
        }
        record.runAt = max(now, record.runAt.adding(.zero - ahead))
    }

    mutating func deleteBodies() {
        record.input = nil
        record.result = nil
        record.bodiesUntil = nil
        for place in attempts.indices {
            let entry = attempts[place].report?.entry
            attempts[place].report?.entry = entry?.withoutWords(strangers: [])
        }
        addUp()
    }

    /// What a zombie brings, once the job has moved on.
    mutating func recordLate(_ epoch: Int64, _ report: AttemptReport) {
        guard let place = attempts.firstIndex(where: { $0.epoch == epoch }) else { return }
        if attempts[place].outcome == .interrupted { attempts[place].outcome = .late }
        let old = attempts[place].report?.entry ?? .guessed(stakes[epoch])
        attempts[place].report = report
        attempts[place].report?.entry = LedgerRule.entry(old, report.entry ?? .free)
        if !hasBodies {
            let entry = attempts[place].report?.entry
            attempts[place].report?.entry = entry?.withoutWords()
        }
        addUp()
    }

    /// A cancelled attempt turns out to have sent nothing.
    mutating func noteNothingSent(_ epoch: Int64, at now: Timestamp) {
        guard let place = attempts.firstIndex(where: { $0.epoch == epoch }), attempts[place].outcome == .cancelled
        else { return }
        attempts[place].outcome = .released
        attempts[place].report?.endedAt = now
        addUp()
    }

    private mutating func close(_ outcome: AttemptOutcome, _ report: AttemptReport) {
        attempts[attempts.count - 1].start.stake = nil
        attempts[attempts.count - 1].outcome = outcome
        attempts[attempts.count - 1].report = report
        addUp()
    }

    private mutating func addUp() {
        let charged: Set<AttemptOutcome?> = [.late, .unknown, .cancelled, .interrupted]
        record.attempts = attempts.count { $0.outcome != .released }
        record.possiblyCharged = attempts.contains { charged.contains($0.outcome) }
        record.lastAttempt = attempts.last
    }

    /// Takes over what the store chose, where it was free to.
    mutating func adopt(_ actual: JobRecord) {
        if deferredSinceMayBe.contains(actual.deferredSince) { record.deferredSince = actual.deferredSince }
        if runAtMayBe.contains(actual.runAt) { record.runAt = actual.runAt }
        if let expiresAt = actual.expiresAt, expiresAtMayBe.contains(expiresAt) { record.expiresAt = expiresAt }
        deferredSinceMayBe = []
        runAtMayBe = []
        expiresAtMayBe = []
    }
}
