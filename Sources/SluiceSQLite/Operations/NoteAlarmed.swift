import GRDB
import SluiceStore
import SluiceTypes

/// Whoever is to be told outside that a budget has reached a mark has been told.
struct NoteAlarmed: WriteOperation {
    var record: SpendRecord

    func run(_ db: Database, _ state: inout WriterState) throws {
        let number = try db.number(.account, record.account, &state)
        try db.run(
            "UPDATE spend SET alarmed = max(alarmed, ?3) WHERE account = ?1 AND begins = ?2 AND told >= ?3",
            number,
            record.window.begin,
            record.told
        )
    }
}
