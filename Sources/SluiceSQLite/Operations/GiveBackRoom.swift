import GRDB
import SluiceStore

/// Makes the file shorter by a slice of its free pages; the next whole checkpoint cuts it off.
///
/// A part of the free pages stays: a store that takes as much as it purges would else shrink and grow for ever.
struct GiveBackRoom: WriteOperation {
    /// Slices in pages of 4 KiB, each statement by its size.
    ///
    /// What a page costs depends on how many are free: one that lies at the end of the file is searched for in the whole
    /// list of them. So a slice that took long is followed by a smaller one.
    static let sizes: [(pages: Int64, sql: String)] = [
        (2, "PRAGMA incremental_vacuum(2)"), (8, "PRAGMA incremental_vacuum(8)"),
        (32, "PRAGMA incremental_vacuum(32)"), (128, "PRAGMA incremental_vacuum(128)"),
    ]

    /// How long a slice may hold up those who wait for the writer.
    private static let limit = Duration.milliseconds(20)

    /// How many free pages are kept beside so many that are used: a sixteenth, and 1 MiB at least.
    static func reserve(besides used: Int64) -> Int64 {
        max(256, used / 16)
    }

    var makesRoom: Bool { true }

    /// False when less than the largest slice is free beyond the reserve.
    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let free = try db.freePages()
        let used = try db.pragma("PRAGMA page_count") - free
        guard free - GiveBackRoom.reserve(besides: used) >= GiveBackRoom.sizes.last?.pages ?? 0 else { return false }
        let start = ContinuousClock.now
        try db.run(GiveBackRoom.sizes[state.roomSize].sql)
        let took = ContinuousClock.now - start
        if took > GiveBackRoom.limit {
            state.roomSize = max(state.roomSize - 1, 0)
        } else if took < GiveBackRoom.limit / 8 {
            state.roomSize = min(state.roomSize + 1, GiveBackRoom.sizes.count - 1)
        }
        return true
    }
}
