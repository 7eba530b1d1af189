import Glibc
import SluiceStore

extension DiskUse {
    /// What the database, its log and its reserve take; nil where that can't be read.
    init?(ofStoreIn directory: String) {
        var used: Int64 = 0
        for name in ["sluice.db", "sluice.db-wal", "sluice.db-shm", DiskReserve.name] {
            var facts = stat()
            if unsafe stat("\(directory)/\(name)", &facts) == 0 { used += Int64(facts.st_blocks) * 512 }
        }
        var room = statvfs()
        guard unsafe statvfs(directory, &room) == 0 else { return nil }
        self.init(used: used, free: Int64(room.f_bavail) * Int64(room.f_frsize))
    }
}
