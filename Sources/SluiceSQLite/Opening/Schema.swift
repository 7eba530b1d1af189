import GRDB
import SluiceStore

/// Whose file it is and of which version.
struct Schema: Sendable {
    /// "SLUC": marks a database as ours, for `file` and for ourselves.
    static let applicationID: Int64 = 0x534C_5543

    let directory: String
    /// False leaves the file as it is.
    let mayChange: Bool

    /// Makes a new file ours, and refuses one of another program or of another version.
    func prepare(_ db: Database) throws {
        if try isNew(db) {
            guard mayChange else { throw notSetUp }
            // These two count only before the first table.
            try db.control("PRAGMA page_size = 4096")
            try db.control("PRAGMA auto_vacuum = INCREMENTAL")
            try db.control("PRAGMA application_id = 1397511491")
        }
        guard try db.pragma("PRAGMA application_id") == Schema.applicationID else {
            throw StoreError(
                .schema,
                "\(directory)/sluice.db belongs to another program; move it away, or name another --data directory"
            )
        }
        let version = try db.pragma("PRAGMA user_version")
        let isUnfinished = version == 0
        guard isUnfinished || version == Migration.current.version else {
            throw StoreError(.schema, "\(directory): \(Schema.otherVersion(version))")
        }
        guard mayChange || !isUnfinished else { throw notSetUp }
    }

    /// What is said of a store, or of a backup, that has another schema than this version's.
    static func otherVersion(_ version: Int64) -> String {
        let writer = version < Migration.current.version ? "an older" : "a newer"
        return
            "it was written by \(writer) sluice (schema \(version); this one reads schema \(Migration.current.version) alone); "
            + "run the version that wrote it, or begin with an empty directory"
    }

    /// Makes the tables of a new file, in one transaction.
    func migrate(_ db: Database) throws {
        guard try db.pragma("PRAGMA user_version") == 0 else { return }
        do {
            try db.control("BEGIN IMMEDIATE TRANSACTION")
            try db.execute(sql: Migration.current.sql)
            try db.run("INSERT INTO meta (id, secret) VALUES (1, ?1)", Schema.newSecret())
            try db.control("COMMIT TRANSACTION")
        } catch {
            _ = db.abandonTransaction()
            throw error
        }
    }

    /// 32 bytes that nobody can guess.
    private static func newSecret() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    private func isNew(_ db: Database) throws -> Bool {
        let tables = try db.pragma("SELECT count(*) FROM sqlite_schema")
        let application = try db.pragma("PRAGMA application_id")
        let version = try db.pragma("PRAGMA user_version")
        return tables == 0 && application == 0 && version == 0
    }

    private var notSetUp: StoreError {
        StoreError(.schema, "the store in \(directory) is not set up for this version; start `sluice serve` once")
    }
}
