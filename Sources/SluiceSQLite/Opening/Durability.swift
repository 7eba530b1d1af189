import GRDB
import SluiceStore
import SluiceTypes

/// What makes an acknowledgement mean that the device holds the commit.
struct Durability: Sendable {
    let synchronous: SQLiteSettings.Synchronous
    /// False only where a test leaves out ``Promise/fullFlush``.
    let isFlushed: Bool

    /// Sets it all on the writer.
    ///
    /// It comes after the opening: GRDB's pool, for one, sets NORMAL behind everybody's back when it is told to use WAL.
    func set(_ db: Database) throws {
        try db.control("PRAGMA journal_mode = WAL")
        switch isFlushed ? synchronous : .normal {
        case .full: try db.control("PRAGMA synchronous = FULL")
        case .normal: try db.control("PRAGMA synchronous = NORMAL")
        }
        try db.control("PRAGMA wal_autocheckpoint = 0")
        try db.control("PRAGMA journal_size_limit = 67108864")
        // Purged bytes are overwritten where that costs no write of its own; an owner's DELETE asks for more.
        try db.control("PRAGMA secure_delete = FAST")
        try db.control("PRAGMA cache_size = -65536")
        try db.control("PRAGMA mmap_size = 0")
    }

    /// Reads back what counts.
    ///
    /// - Throws: ``StoreError`` unless every commit is flushed and only the writer's own checkpoints run.
    func check(_ db: Database) throws {
        let journal = try db.first("PRAGMA journal_mode") { $0.text() }
        guard journal == "wal" else {
            throw refusal("its journal is \(journal ?? "unknown"), not a WAL")
        }
        let level = try db.pragma("PRAGMA synchronous")
        guard level == 2 || !isFlushed else { throw refusal("synchronous is \(level), not 2 (FULL)") }
        guard try db.pragma("PRAGMA wal_autocheckpoint") == 0 else { throw refusal("SQLite checkpoints by itself") }
    }

    private func refusal(_ fault: String) -> StoreError {
        StoreError(
            .unavailable,
            "the database would not keep what it acknowledges (\(fault)); put --data on a local file system"
        )
    }
}
