import GRDB
import SluiceStore
import SluiceTypes

/// queued → running, for as many due jobs of one group as there are places.
///
/// Owners take turns: the index holds each owner's jobs together, so the next owner's first job is one seek away. A
/// circle past all owners that finds nothing due ends the claim and tells when the next job is.
struct ClaimJobs: WriteOperation {
    struct Answer: Sendable {
        /// In the order in which they were due.
        var jobs: [ClaimedJob]
        var nextRunAt: Timestamp?
        /// Stepped over, since nothing was left for their jobs.
        var skipped: Set<OwnerID>
        /// Past their deadline, or not to be read: dead instead.
        var expired: [JobID]
    }

    /// How many jobs past their deadline one claim ends; the rest are left to the next one and to the sweep.
    private static let mostExpired = 256

    var request: ClaimRequest

    func run(_ db: Database, _ state: inout WriterState) throws -> Answer {
        var request = request
        var circle = OwnerRotation(after: state.turns[request.group] ?? "")
        var claimed: [(runAt: Timestamp, seq: Int64, job: ClaimedJob)] = []
        var expired: [JobID] = []
        while let candidate = try next(in: &circle, db) {
            if request.isClosed(to: OwnerID(rawValue: candidate.owner)) {
                circle.skip(candidate.owner)
                continue
            }
            guard candidate.runAt <= request.now else {
                circle.pass(candidate.owner, dueAt: candidate.runAt)
                continue
            }
            let isReadable = candidate.facts != nil && candidate.hasInput
            if !isReadable || Patience.isOverdue(deadlineAt: candidate.deadlineAt, at: request.deadlinesAt) {
                guard expired.count < ClaimJobs.mostExpired else {
                    circle.pass(candidate.owner, dueAt: candidate.runAt)
                    break
                }
                // The owner's next job stands in its place.
                let cause: ErrorClass = isReadable ? .expired : .corrupt
                try db.end(candidate.seq, as: cause, at: request.now, state.expiry)
                if let id = candidate.id { expired.append(id) }
                continue
            }
            guard let facts = candidate.facts else { continue }
            let history =
                candidate.epoch > 0
                ? try db.history(candidate.seq, since: candidate.deferredSince) : JobHistory()
            guard let start = request.takeStart(for: facts.owner, avoiding: history.failedRows) else {
                circle.pass(candidate.owner, dueAt: candidate.runAt)
                // Whoever is due now makes the search for anybody who is due earlier needless.
                if request.isFull { break }
                continue
            }
            let job = try claim(candidate, facts, start, history, db)
            claimed.append((candidate.runAt, candidate.seq, job))
            circle.serve(candidate.owner)
        }
        // A group that is empty now is forgotten: everyone has been served, and callers choose the models' names.
        state.turns[request.group] = circle.nextRunAt == nil && circle.skipped.isEmpty ? nil : circle.lastServed
        claimed.sort { ($0.runAt, $0.seq) < ($1.runAt, $1.seq) }
        return Answer(jobs: claimed.map(\.job), nextRunAt: circle.nextRunAt, skipped: circle.skipped, expired: expired)
    }

    /// The first job of the next owner; nil when the circle is closed.
    private func next(in circle: inout OwnerRotation, _ db: Database) throws -> Candidate? {
        while true {
            let found = try db.first(
                ClaimJobs.candidateSQL,
                request.group.lane,
                request.group.operation,
                request.group.route,
                circle.cursor
            ) { row in try Candidate(&row) }
            if let found { return circle.isClosed(before: found.owner) ? nil : found }
            guard circle.beginAnew() else { return nil }
        }
    }

    static let candidateSQL = """
        SELECT job.seq, job.owner, job.id, job.epoch, job.failures, job.interrupts, job.deferred_since, job.run_at,
               job.deadline_at, job_input.job IS NOT NULL, \(JobFacts.columns)
        FROM job INDEXED BY job_ready LEFT JOIN job_input ON job_input.job = job.seq
        WHERE job.state = 'queued' AND job.lane = ?1 AND job.type = ?2 AND job.route = ?3 AND job.owner > ?4
        ORDER BY job.owner, job.run_at, job.seq LIMIT 1
        """

    private func claim(
        _ candidate: Candidate,
        _ facts: JobFacts,
        _ start: AttemptStart,
        _ history: JobHistory,
        _ db: Database
    ) throws -> ClaimedJob {
        // 1. The row.
        try db.run(
            "UPDATE job SET state = 'running', epoch = epoch + 1, boot = ?2 WHERE seq = ?1 AND state = 'queued'",
            candidate.seq,
            request.boot
        )
        // 2. Its attempt.
        try db.openAttempt(candidate.seq, of: facts.owner, epoch: candidate.epoch + 1, start)
        // 3. What to send.
        let input = try db.first("SELECT \(JobInput.columns) FROM job_input WHERE job = ?1", candidate.seq) { row in
            JobInput(&row)
        }
        guard let input else {
            throw StoreError(.corrupt, "the queued job \(facts.id) lost its input; restore a backup")
        }
        return ClaimedJob(
            facts,
            epoch: candidate.epoch + 1,
            failures: candidate.failures,
            interrupts: candidate.interrupts,
            deferredSince: candidate.deferredSince,
            deadlineAt: candidate.deadlineAt,
            input: input,
            start: start,
            history: history
        )
    }
}

/// An owner's first job.
private struct Candidate {
    var seq: Int64
    var owner: String
    var id: JobID?
    var epoch: Int64
    var failures: Int
    var interrupts: Int
    var deferredSince: Timestamp?
    var runAt: Timestamp
    var deadlineAt: Timestamp?
    var hasInput: Bool
    /// What it is; nil where that can't be read, and then it must not keep the others waiting.
    var facts: JobFacts?

    init(_ row: inout RowReader) throws {
        seq = row.int64()
        owner = row.text()
        id = row.jobIDIfValid()
        epoch = row.int64()
        failures = row.int()
        interrupts = row.int()
        deferredSince = row.optional { $0.time() }
        runAt = row.time()
        deadlineAt = row.optional { $0.time() }
        hasInput = row.bool()
        do {
            facts = try JobFacts(&row)
        } catch {
            guard Promise.unknownWordAlone.holds else { throw error }
            facts = nil
        }
    }
}

/// The way past a group's owners, from whose turn it is and once around.
private struct OwnerRotation {
    /// The owner behind whom to look; empty stands before all.
    private(set) var cursor: String
    /// The owner who had a turn last.
    private(set) var lastServed: String
    /// The earliest of the jobs that were passed since.
    private(set) var nextRunAt: Timestamp?
    /// The owners that were stepped over.
    private(set) var skipped: Set<OwnerID> = []
    private var hasBegunAnew = false

    init(after owner: String) {
        cursor = owner
        lastServed = owner
    }

    func isClosed(before owner: String) -> Bool {
        hasBegunAnew && owner > lastServed
    }

    /// Goes on from the first owner; false when that was done before, or when there is nobody before the start.
    mutating func beginAnew() -> Bool {
        guard !hasBegunAnew, !lastServed.isEmpty else { return false }
        hasBegunAnew = true
        cursor = ""
        return true
    }

    /// Steps over an owner, whenever its jobs are due.
    mutating func skip(_ owner: String) {
        cursor = owner
        skipped.insert(OwnerID(rawValue: owner))
    }

    mutating func pass(_ owner: String, dueAt moment: Timestamp) {
        cursor = owner
        nextRunAt = min(nextRunAt ?? moment, moment)
    }

    /// A new circle begins behind whoever got something.
    mutating func serve(_ owner: String) {
        cursor = owner
        lastServed = owner
        nextRunAt = nil
        hasBegunAnew = false
    }
}
