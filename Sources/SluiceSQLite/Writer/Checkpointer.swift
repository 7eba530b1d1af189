import GRDB
import SluiceStore

/// Decides when the WAL's pages move into the database, and moves them.
///
/// SQLite's own checkpoints are off: they run inside whichever commit comes across the limit, and a second connection
/// that checkpoints meets the WAL-reset bug of SQLite before 3.51.
struct Checkpointer: Sendable {
    private let settings: SQLiteSettings
    private let snapshots: Snapshots
    private let locks: LockWait?
    /// Pages in the WAL that are not in the database.
    private var pages = 0
    /// When to move them: later where a reader stood in the way.
    private var limit: Int
    /// True once nothing was written since the last checkpoint: what stood in its way is left to the next.
    private var hasRested = false
    /// How long the WAL was when it could not be begun anew.
    private var stuckAt = 0

    init(_ settings: SQLiteSettings, _ snapshots: Snapshots = Snapshots(), _ locks: LockWait? = nil) {
        self.settings = settings
        self.snapshots = snapshots
        self.locks = locks
        limit = settings.checkpointPages
    }

    var isDue: Bool { pages >= limit }

    /// Whether it is worth while when there is nothing else to do.
    var isWorthwhile: Bool { !hasRested && pages >= settings.idleCheckpointPages }

    mutating func noteCommit(_ db: Database) {
        pages += db.takePagesWritten()
        hasRested = false
    }

    /// Moves what no reader holds back.
    ///
    /// PASSIVE waits for nobody. It leaves the WAL growing where some reader always looks into it; past a bound the
    /// writer waits for those who read now, so that the next commit starts the WAL from its beginning. It does not wait for
    /// a read of the whole store, and ends it where the WAL would become too long.
    mutating func run(_ db: Database) throws {
        hasRested = true
        do {
            let passive = try CheckpointAnswer(db, "PRAGMA wal_checkpoint(PASSIVE)")
            note(passive)
            if passive.log >= settings.walPages, passive.moved < passive.log { locks?.notePinned() }
            guard passive.log >= settings.walPages + stuckAt else { return }
            if passive.log >= settings.longestWALPages { snapshots.end() }
            var answer: CheckpointAnswer?
            try snapshots.ifNone {
                let restart = { try CheckpointAnswer(db, "PRAGMA wal_checkpoint(RESTART)") }
                answer = try locks?.whileCheckpointing(restart) ?? restart()
            }
            guard let restart = answer else { return }
            note(restart)
            stuckAt = restart.isBusy ? restart.log : 0
        } catch {
            limit = pages + settings.checkpointPages
            throw error
        }
    }

    private mutating func note(_ answer: CheckpointAnswer) {
        pages = max(answer.log - answer.moved, 0)
        limit = pages + settings.checkpointPages
    }
}

/// What SQLite tells about a checkpoint.
struct CheckpointAnswer: Sendable {
    /// True when it could not be finished.
    let isBusy: Bool
    /// Pages in the WAL.
    let log: Int
    /// How many of them are in the database.
    let moved: Int

    init(_ db: Database, _ sql: String) throws {
        let answer = try db.first(sql) { row in (row.bool(), row.int(), row.int()) }
        guard let answer else { throw StoreError(.unavailable, "SQLite did not answer a checkpoint; restart sluice") }
        (isBusy, log, moved) = answer
    }
}
