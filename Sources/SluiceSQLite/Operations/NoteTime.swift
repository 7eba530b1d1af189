import GRDB
import SluiceStore
import SluiceTypes

/// Writes down a time of day that is believed.
struct NoteTime: WriteOperation {
    var time: Timestamp

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("INSERT OR REPLACE INTO clock (id, noted_at) VALUES (1, ?1)", time)
        state.expiry.noted = time
    }
}

extension Database {
    /// The time of day that was believed last, and written down; nil in a new store.
    func notedTime() throws -> Timestamp? {
        try first("SELECT noted_at FROM clock WHERE id = 1") { $0.time() }
    }
}
