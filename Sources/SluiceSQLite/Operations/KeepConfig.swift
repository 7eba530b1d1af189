import GRDB
import SluiceTypes

/// Keeps a row's configuration under its hash.
struct KeepConfig: WriteOperation {
    var hash: String
    var json: [UInt8]
    var now: Timestamp

    var payload: Int { json.count }

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("INSERT OR IGNORE INTO config (hash, json, seen_at) VALUES (?1, ?2, ?3)", hash, json, now)
    }
}
