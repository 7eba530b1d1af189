import GRDB
import SluiceStore

/// Makes the file shorter by a slice of its free pages; the next whole checkpoint cuts it off.
///
/// A part of the free pages stays: a store that takes as much as it purges would else shrink and grow for ever.
struct GiveBackRoom: WriteOperation {
    /// Pages of one slice, 1 MiB: each may have to be filled from the file's end.
    static let slice: Int64 = 256

    /// How many free pages are kept beside so many that are used: a sixteenth, and 1 MiB at least.
    static func reserve(besides used: Int64) -> Int64 {
        max(256, used / 16)
    }

    /// False when less than a slice is free beyond the reserve.
    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let free = try db.freePages()
        let used = try db.pragma("PRAGMA page_count") - free
        guard free - GiveBackRoom.reserve(besides: used) >= GiveBackRoom.slice else { return false }
        try db.run("PRAGMA incremental_vacuum(256)")
        return true
    }
}
