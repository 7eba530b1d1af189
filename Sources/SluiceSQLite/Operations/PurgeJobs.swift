import GRDB
import SluiceStore
import SluiceTypes

/// Takes out ended jobs past their time, whole.
struct PurgeJobs: WriteOperation {
    /// How many pages a slice may free, 4 MiB: with large bodies a few jobs are as much work as hundreds of small ones.
    static let mostPages: Int64 = 1024

    var now: Timestamp
    var limit: Int

    static let expiredSQL = """
        SELECT seq, coalesce(thread, id), state, entry, lane FROM job INDEXED BY job_expiry WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2
        """

    static let newestOfThreadSQL = """
        SELECT expires_at FROM job INDEXED BY job_thread WHERE thread = ?1 ORDER BY expires_at DESC LIMIT 1
        """

    static let livingOfThreadSQL = """
        SELECT 1 FROM job INDEXED BY job_thread WHERE thread = ?1 AND expires_at IS NULL LIMIT 1
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let expired = try db.all(PurgeJobs.expiredSQL, now, max(limit, 0)) { row in
            (
                seq: row.int64(), thread: try row.jobID(),
                counted: Counts.Key(ended: row.text(), entry: row.text(), lane: row.text())
            )
        }
        let before = try db.freePages()
        var count = 0
        for (seq, thread, counted) in expired {
            count += 1
            if let end = try endOfThread(thread, db, state.expiry) {
                try db.run("UPDATE job SET expires_at = ?2 WHERE seq = ?1", seq, end)
                continue
            }
            try db.deleteBodies(of: seq)
            try db.run("DELETE FROM job_attempt WHERE job = ?1", seq)
            try db.run("DELETE FROM job WHERE seq = ?1", seq)
            state.counts.add(-1, to: counted)
            if try db.freePages() - before >= PurgeJobs.mostPages { break }
        }
        return count
    }

    /// Until when the jobs of a thread are kept that are past their own time; nil where they may go, as one may that has no thread.
    private func endOfThread(_ thread: JobID, _ db: Database, _ expiry: Expiry) throws -> Timestamp? {
        // Behind the first job of a thread there is one, or it is none.
        let newest = try db.first(PurgeJobs.newestOfThreadSQL, thread) { row in row.optional { $0.time() } }
        guard let newest else { return nil }
        let first = try db.first("SELECT expires_at FROM job WHERE id = ?1", thread) { row in row.optional { $0.time() }
        }
        return expiry.endOfThread(
            newest: [newest, first ?? nil].compactMap(\.self).max(),
            lives: try db.first(PurgeJobs.livingOfThreadSQL, thread) { _ in true } ?? false,
            at: now
        )
    }
}

extension Database {
    /// Pages of the file that hold nothing.
    func freePages() throws -> Int64 {
        try pragma("PRAGMA freelist_count")
    }
}
