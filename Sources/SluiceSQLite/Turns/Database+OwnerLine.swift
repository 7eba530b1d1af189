import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    static let nextOwnerSQL = """
        SELECT owner, run_at FROM job INDEXED BY job_ready
        WHERE state = 'queued' AND lane = ?1 AND type = ?2 AND request_format = ?3 AND route = ?4 AND owner > ?5
        ORDER BY owner, run_at LIMIT 1
        """

    static let ownerDueSQL = """
        SELECT run_at FROM job INDEXED BY job_ready
        WHERE state = 'queued' AND lane = ?1 AND type = ?2 AND request_format = ?3 AND route = ?4 AND owner = ?5
        ORDER BY run_at LIMIT 1
        """

    /// Everybody who has queued jobs in the group: one seek each.
    func ownerLine(of group: JobGroup) throws -> OwnerLine {
        var line = OwnerLine()
        var last = ""
        while let next = try first(
            Database.nextOwnerSQL,
            group.lane,
            group.operation,
            group.format,
            group.route,
            last,
            read: { row in (owner: row.text(), dueAt: row.time()) }
        ) {
            line.note(OwnerID(rawValue: next.owner), dueAt: next.dueAt)
            last = next.owner
        }
        return line
    }

    /// When the owner's first job of the group is due; nil where there is none.
    func dueAt(of owner: OwnerID, in group: JobGroup) throws -> Timestamp? {
        try first(Database.ownerDueSQL, group.lane, group.operation, group.format, group.route, owner) { row in
            row.time()
        }
    }
}
