import GRDB
import SluiceStore
import SluiceTypes

/// Takes the bodies out of ended jobs that keep them for no longer.
struct ForgetBodies: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let overSQL = """
        SELECT seq FROM job INDEXED BY job_bodies WHERE bodies_until <= ?1 ORDER BY bodies_until LIMIT ?2
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let over = try db.all(ForgetBodies.overSQL, now, max(limit, 0)) { $0.int64() }
        let before = try db.freePages()
        var count = 0
        for seq in over {
            try db.deleteBodies(of: seq)
            try db.dropWords(of: seq)
            count += 1
            if try db.freePages() - before >= PurgeJobs.mostPages { break }
        }
        return count
    }
}
