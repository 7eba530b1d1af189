import GRDB

/// Writes and takes back, so that the commit needs pages, a write and a flush.
struct ProveWritable: WriteOperation {
    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("INSERT OR REPLACE INTO probe (id, ballast) VALUES (1, zeroblob(65536))")
        try db.run("DELETE FROM probe")
    }
}
