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
        SELECT seq FROM job INDEXED BY job_expiry WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let expired = try db.all(PurgeJobs.expiredSQL, now, max(limit, 0)) { $0.int64() }
        let before = try db.freePages()
        var count = 0
        for seq in expired {
            try db.deleteBodies(of: seq)
            try db.run("DELETE FROM job_attempt WHERE job = ?1", seq)
            try db.run("DELETE FROM job WHERE seq = ?1", seq)
            count += 1
            if try db.freePages() - before >= PurgeJobs.mostPages { break }
        }
        return count
    }
}

extension Database {
    /// Pages of the file that hold nothing.
    func freePages() throws -> Int64 {
        try pragma("PRAGMA freelist_count")
    }
}
