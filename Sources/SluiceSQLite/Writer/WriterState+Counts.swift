import GRDB
import SluiceStore
import SluiceTypes

/// How many jobs there are of each kind, and what the transaction changes of that.
struct Counts: Sendable {
    /// Jobs that are counted together, in the words of their rows: those that nobody can read are counted as well.
    struct Key: Hashable, Sendable {
        var state: String
        var entry: String
        var lane: String
        /// Empty for ended jobs, of which they would be kept for as long as these are.
        var type = ""
        var format = ""
        var route = ""
        /// Empty for all but queued jobs.
        var owner = ""

        init(ended state: String, entry: String, lane: String) {
            self.state = state
            self.entry = entry
            self.lane = lane
        }

        init(_ state: JobState, _ kind: Kind) {
            self.init(ended: state.rawValue, entry: kind.entry, lane: kind.lane)
            guard !state.isTerminal else { return }
            (type, format, route) = (kind.type, kind.format, kind.route)
            if state == .queued { owner = kind.owner }
        }
    }

    /// What tells jobs apart, in the words of their rows.
    struct Kind: Sendable {
        var surface: String
        var entry: String
        var lane: String
        var type: String
        var format: String
        var route: String
        var owner: String

        static let columns = "job.surface, job.entry, job.lane, job.type, job.request_format, job.route, job.owner"

        init(_ row: inout RowReader) {
            surface = row.text()
            entry = row.text()
            lane = row.text()
            type = row.text()
            format = row.text()
            route = row.text()
            owner = row.text()
        }

        init(_ kind: JobKind) {
            surface = kind.surface.rawValue
            entry = kind.entry.rawValue
            lane = kind.group.lane.rawValue
            type = kind.group.operation.rawValue
            format = kind.group.format.rawValue
            route = kind.group.route
            owner = kind.owner.rawValue
        }
    }

    /// As they were committed last; nil until that is read, and after a transaction that failed.
    fileprivate var committed: [Key: Int]?
    fileprivate var changes: [Key: Int] = [:]
    /// As they will be once the transaction is committed, those that it changes.
    fileprivate var news: [Key: Int] = [:]

    /// What the transaction would have changed came to nothing.
    mutating func forget() {
        guard Promise.countsForgotten.holds else {
            changes = [:]
            return
        }
        self = Counts()
    }

    mutating func add(_ count: Int, to key: Key) {
        changes[key, default: 0] += count
    }

    /// What is to be told once the transaction is committed.
    mutating func takeNews() -> [CountedJobs: Int] {
        defer { news = [:] }
        for (key, count) in news { committed?[key] = count == 0 ? nil : count }
        return CountedJobs.readable(news)
    }
}

extension WriterState {
    /// A job came in, or is in another state now.
    mutating func note(
        _ id: JobID,
        _ kind: JobKind,
        from: JobState?,
        to: JobState,
        errorClass: ErrorClass? = nil,
        waited: Duration? = nil
    ) {
        let words = Counts.Kind(kind)
        if let from { counts.add(-1, to: Counts.Key(from, words)) }
        counts.add(1, to: Counts.Key(to, words))
        news.moves.append(JobMove(id, kind, from: from, to: to, errorClass: errorClass, waited: waited))
    }

    /// Writes how many jobs there are of the kinds that the transaction changes, each once.
    mutating func writeCounts(_ db: Database) throws {
        let changes = counts.changes
        counts.changes = [:]
        if counts.committed == nil {
            let stored = try db.storedCounts()
            (counts.committed, counts.news) = (stored, stored)
            news.isWhole = true
        }
        for (key, change) in changes where change != 0 {
            let count = (counts.committed?[key] ?? 0) + change
            if count == 0 {
                try db.run(Counts.deleteSQL, key.state, key.entry, key.lane, key.type, key.format, key.route, key.owner)
            } else {
                try db.run(
                    Counts.upsertSQL,
                    key.state,
                    key.entry,
                    key.lane,
                    key.type,
                    key.format,
                    key.route,
                    key.owner,
                    count
                )
            }
            counts.news[key] = count
        }
    }
}

extension Counts {
    fileprivate static let deleteSQL = """
        DELETE FROM job_count
        WHERE state = ?1 AND entry = ?2 AND lane = ?3 AND type = ?4 AND request_format = ?5 AND route = ?6 AND owner = ?7
        """

    fileprivate static let upsertSQL = """
        INSERT INTO job_count (state, entry, lane, type, request_format, route, owner, jobs)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO UPDATE SET jobs = excluded.jobs
        """
}

extension Database {
    /// A job is in another state now: by what its row says.
    ///
    /// It is called once the row is written, since a redrive may change what tells it from others.
    func noteMove(
        _ seq: Int64,
        from: JobState,
        to: JobState,
        errorClass: ErrorClass? = nil,
        _ state: inout WriterState
    ) throws {
        let job = try first(Counts.jobSQL, seq) { row in
            (
                id: row.jobIDIfValid(), token: row.optional { TokenID(rawValue: $0.text()) }, bytes: row.int64(),
                kind: Counts.Kind(&row)
            )
        }
        guard let job else { return }
        if (from == .queued) != (to == .queued) {
            state.queues.note(OwnerID(rawValue: job.kind.owner), job.token, bytes: job.bytes, waits: to == .queued)
        }
        state.counts.add(-1, to: Counts.Key(from, job.kind))
        state.counts.add(1, to: Counts.Key(to, job.kind))
        guard let id = job.id, let kind = JobKind(job.kind) else { return }
        state.news.moves.append(JobMove(id, kind, from: from, to: to, errorClass: errorClass))
        if to.isTerminal { try noteEnd(seq, as: to, errorClass, &state) }
    }

    /// How many jobs there are of each kind, as it is kept.
    fileprivate func storedCounts() throws -> [Counts.Key: Int] {
        let counts = try all("SELECT state, entry, lane, type, request_format, route, owner, jobs FROM job_count") {
            row in
            var key = Counts.Key(ended: row.text(), entry: row.text(), lane: row.text())
            (key.type, key.format, key.route) = (row.text(), row.text(), row.text())
            key.owner = row.text()
            return (key, row.int())
        }
        return Dictionary(counts) { first, _ in first }
    }

    func jobCounts() throws -> [CountedJobs: Int] { CountedJobs.readable(try storedCounts()) }
}

extension Counts {
    fileprivate static let jobSQL = """
        SELECT job.id, job.token, job.input_bytes, \(Kind.columns) FROM job WHERE seq = ?1
        """
}

extension JobKind {
    /// Nil for words that this version does not know.
    fileprivate init?(_ kind: Counts.Kind) {
        guard let surface = Surface(rawValue: kind.surface), let entry = JobEntry(rawValue: kind.entry),
            let group = JobGroup(lane: kind.lane, type: kind.type, format: kind.format, route: kind.route)
        else { return nil }
        self.init(surface, entry, group, OwnerID(rawValue: kind.owner))
    }
}

extension CountedJobs {
    /// Without those in words that this version does not know.
    fileprivate static func readable(_ counts: [Counts.Key: Int]) -> [CountedJobs: Int] {
        var readable: [CountedJobs: Int] = [:]
        for (key, count) in counts {
            guard let state = JobState(rawValue: key.state), let entry = JobEntry(rawValue: key.entry),
                let lane = Lane(rawValue: key.lane)
            else { continue }
            let group = JobGroup(lane: key.lane, type: key.type, format: key.format, route: key.route)
            let owner = key.owner.isEmpty ? nil : OwnerID(rawValue: key.owner)
            readable[CountedJobs(state, entry, lane, group: state.isTerminal ? nil : group, owner: owner)] = count
        }
        return readable
    }
}
