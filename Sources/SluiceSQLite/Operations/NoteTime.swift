import GRDB
import SluiceStore
import SluiceTypes

/// Writes down a time of day that is believed.
struct NoteTime: WriteOperation {
    var time: Timestamp

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("INSERT OR REPLACE INTO clock (id, noted_at) VALUES (1, ?1)", time)
    }
}
