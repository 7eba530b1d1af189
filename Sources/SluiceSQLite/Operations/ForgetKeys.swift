import GRDB
import SluiceStore
import SluiceTypes

/// Takes out idempotency keys past their time.
struct ForgetKeys: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let keysSQL = """
        DELETE FROM idempotency WHERE (owner, key) IN (
            SELECT owner, key FROM idempotency INDEXED BY idempotency_expiry WHERE expires_at <= ?1 LIMIT ?2
        )
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        try db.run(ForgetKeys.keysSQL, now, max(limit, 0))
    }
}
