import GRDB
import SluiceStore
import SluiceTypes

/// Takes the bodies out of ended jobs that keep them for no longer.
struct ForgetBodies: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let overSQL = """
        SELECT seq, id FROM job INDEXED BY job_bodies WHERE bodies_until <= ?1 ORDER BY bodies_until LIMIT ?2
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let over = try db.all(ForgetBodies.overSQL, now, max(limit, 0)) { (seq: $0.int64(), id: try $0.jobID()) }
        let before = try db.freePages()
        var count = 0
        for (seq, id) in over {
            try db.deleteBodies(of: seq)
            // Whose prompt is not to be stored has named a model that he may well name.
            try db.dropWords(of: id, strangers: [], &state)
            try db.run("UPDATE job SET session = NULL WHERE seq = ?1 AND session IS NOT NULL", seq)
            count += 1
            if try db.freePages() - before >= PurgeJobs.mostPages { break }
        }
        return count
    }
}
