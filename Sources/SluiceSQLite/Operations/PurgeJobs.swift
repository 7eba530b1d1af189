import GRDB
import SluiceStore
import SluiceTypes

/// Takes out ended jobs past their time, and keys past theirs.
struct PurgeJobs: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let expiredSQL = """
        SELECT seq FROM job INDEXED BY job_expiry WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2
        """

    static let keysSQL = """
        DELETE FROM idempotency WHERE (owner, key) IN (
            SELECT owner, key FROM idempotency INDEXED BY idempotency_expiry WHERE expires_at <= ?1 LIMIT ?2
        )
        """

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let limit = max(limit, 0)
        let expired = try db.all(PurgeJobs.expiredSQL, now, limit) { $0.int64() }
        for seq in expired {
            try db.deleteBodies(of: seq)
            try db.run("DELETE FROM job_attempt WHERE job = ?1", seq)
            try db.run("DELETE FROM job WHERE seq = ?1", seq)
        }
        try db.run(PurgeJobs.keysSQL, now, limit)
        return expired.count
    }
}
