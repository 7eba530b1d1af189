import GRDB
import SluiceStore
import SluiceTypes

/// queued → running, for as many due jobs of one group as there are places.
///
/// Owners take turns, by the line that the writer keeps of them: a claim looks at those alone who stand in front of it, however many
/// have jobs in the group. Where the line ends and places are left, it tells when the next job is due.
struct ClaimJobs: WriteOperation {
    struct Answer: Sendable {
        /// In the order in which they were due.
        var jobs: [ClaimedJob]
        var nextRunAt: Timestamp?
        /// Stepped over, since nothing was left for their jobs.
        var skipped: Set<OwnerID>
        /// Whether somebody was stepped over who may have nothing now.
        var steppedOver: Bool
        /// Past their deadline, or not to be read: dead instead.
        var expired: [JobID]
    }

    /// What came of a look at an owner's jobs.
    private enum Visit {
        case served
        /// Nothing was left for a job that is due.
        case due(Timestamp)
        case notDue(until: Timestamp)
        case nothingQueued
        /// He may have nothing now.
        case closed
    }

    /// What was done so far.
    private struct Progress {
        var request: ClaimRequest
        var claimed: [(runAt: Timestamp, seq: Int64, job: ClaimedJob)] = []
        var expired: [JobID] = []
        var steppedOver = false
        var putOff = 0
    }

    /// How many jobs one claim puts off; the rest are left to the next one, so that nobody waits long for this.
    private static let mostPutOff = 256

    /// How many jobs past their deadline one claim ends; the rest are left to the next one and to the sweep.
    private static let mostExpired = 256

    var request: ClaimRequest

    func run(_ db: Database, _ state: inout WriterState) throws -> Answer {
        request.restart?()
        let group = request.group
        var line = try state.lines.take(group) ?? db.ownerLine(of: group)
        line.advance(to: request.now)
        var progress = Progress(request: request)
        /// Of a job for which nothing was left.
        var dueAt: Timestamp?
        var place = 0
        while let owner = line.next(from: &place) {
            if progress.request.isClosed(to: owner) {
                progress.steppedOver = progress.steppedOver || progress.request.closed.contains(owner)
                continue
            }
            // There is nothing but what is set aside for those who are named.
            if dueAt != nil, progress.request.named[owner] == nil { continue }
            switch try visit(owner, &progress, db, &state) {
            case .served: try putBehind(owner, in: &line, after: progress, db)
            case .notDue(let moment): line.sendAway(owner, until: moment)
            case .nothingQueued: line.leave(owner)
            case .due(let moment): dueAt = min(dueAt ?? moment, moment)
            case .closed: progress.steppedOver = true
            }
            // Whoever is due now makes the search for anybody who is due earlier needless.
            if dueAt != nil, progress.request.isFull || progress.expired.count >= ClaimJobs.mostExpired { break }
        }
        let nextRunAt = try dueAt ?? nextMoment(of: &line, besides: progress.request, db)
        let skipped = progress.request.named.filter { $0.value.isEmpty && line.has($0.key) }.keys
        state.lines.put(line, of: group)
        return Answer(
            jobs: progress.claimed.sorted { ($0.runAt, $0.seq) < ($1.runAt, $1.seq) }.map(\.job),
            nextRunAt: nextRunAt,
            skipped: Set(skipped),
            steppedOver: progress.steppedOver,
            expired: progress.expired
        )
    }

    /// Gives the owner's first due job a place.
    private func visit(
        _ owner: OwnerID,
        _ progress: inout Progress,
        _ db: Database,
        _ state: inout WriterState
    ) throws -> Visit {
        while let candidate = try first(of: owner, db) {
            guard candidate.runAt <= request.now else { return .notDue(until: candidate.runAt) }
            let isReadable = candidate.facts != nil && candidate.hasInput
            guard isReadable, !Patience.isOverdue(deadlineAt: candidate.deadlineAt, at: request.deadlinesAt),
                let facts = candidate.facts
            else {
                guard progress.expired.count < ClaimJobs.mostExpired else { return .due(candidate.runAt) }
                // The owner's next job stands in its place.
                try db.end(candidate.seq, as: isReadable ? .expired : .corrupt, at: request.now, &state)
                if let id = candidate.id { progress.expired.append(id) }
                continue
            }
            let history =
                candidate.epoch > 0
                ? try db.history(candidate.seq, since: candidate.deferredSince) : JobHistory()
            let account = try facts.ancestry.flatMap { try db.account(thatAnswered: $0.previous) }
            let epoch = candidate.epoch + 1
            switch progress.request.take(for: facts, epoch: epoch, avoiding: history.failedRows, with: account) {
            case nil: return .due(candidate.runAt)
            case .wait?: return .closed
            case .putOff(let moment)?:
                guard moment > request.now, progress.putOff < ClaimJobs.mostPutOff else { return .due(candidate.runAt) }
                progress.putOff += 1
                // The owner's next job stands in its place.
                try db.run("UPDATE job SET run_at = ?2 WHERE seq = ?1", candidate.seq, moment)
            case .take(let start)?:
                let job = try claim(candidate, facts, start, history, db)
                state.queues.note(facts.owner, facts.token, bytes: Int64(job.input.byteCount), waits: false)
                state.note(
                    facts.id,
                    JobKind(facts),
                    from: .queued,
                    to: .running,
                    waited: request.now.since(candidate.runAt)
                )
                progress.claimed.append((candidate.runAt, candidate.seq, job))
                return .served
            }
        }
        return .nothingQueued
    }

    /// Lets an owner who was served go behind the others.
    ///
    /// He is looked at when his turn comes again; one for whom nothing is left now, at once, so that it is known whether he has been
    /// stepped over.
    private func putBehind(
        _ owner: OwnerID,
        in line: inout OwnerLine,
        after progress: Progress,
        _ db: Database
    ) throws {
        guard progress.request.isClosed(to: owner) else { return line.stepBehind(owner) }
        switch try db.dueAt(of: owner, in: request.group) {
        case nil: line.leave(owner)
        case let moment? where moment > request.now: line.sendAway(owner, until: moment)
        case .some: line.stepBehind(owner)
        }
    }

    /// When somebody will have something due, of those who are not closed out; nobody of them has now.
    private func nextMoment(
        of line: inout OwnerLine,
        besides request: ClaimRequest,
        _ db: Database
    ) throws -> Timestamp? {
        var known: (owner: OwnerID, moment: Timestamp)?
        while let owner = line.firstAway(besides: request.isClosed) {
            // The same one again: what is known of him is true.
            if let known, known.owner == owner { return known.moment }
            guard let moment = try db.dueAt(of: owner, in: request.group) else {
                line.leave(owner)
                continue
            }
            known = (owner, moment)
            line.sendAway(owner, until: moment)
        }
        return nil
    }

    /// The owner's first job; nil where nothing is queued.
    private func first(of owner: OwnerID, _ db: Database) throws -> Candidate? {
        try db.first(
            ClaimJobs.candidateSQL,
            request.group.lane,
            request.group.operation,
            request.group.format,
            request.group.route,
            owner
        ) { row in try Candidate(&row) }
    }

    static let candidateSQL = """
        SELECT job.seq, job.id, job.epoch, job.failures, job.interrupts, job.deferred_since, job.run_at,
               job.deadline_at, job_input.job IS NOT NULL, \(JobFacts.columns)
        FROM job INDEXED BY job_ready LEFT JOIN job_input ON job_input.job = job.seq
        WHERE job.state = 'queued' AND job.lane = ?1 AND job.type = ?2 AND job.request_format = ?3
              AND job.route = ?4 AND job.owner = ?5
        ORDER BY job.run_at, job.seq LIMIT 1
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

extension Database {
    static let accountSQL = """
        SELECT job_attempt.account
        FROM job CROSS JOIN job_result ON job_result.job = job.seq
        CROSS JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job_result.epoch
        WHERE job.id = ?1
        """

    /// With whose account a job was answered; nil where nobody told.
    fileprivate func account(thatAnswered id: JobID) throws -> String? {
        try first(Database.accountSQL, id) { row in row.optional { $0.text() } } ?? nil
    }
}

/// An owner's first job.
private struct Candidate {
    var seq: Int64
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
