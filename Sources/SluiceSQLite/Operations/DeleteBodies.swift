import GRDB
import SluiceStore
import SluiceTypes

/// Takes input, output, result and key out of an ended job.
struct DeleteBodies: WriteOperation {
    var id: JobID
    var owner: OwnerID?

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Deletion {
        guard let job = try db.job(id, owner: owner) else { return .notFound }
        guard job.state.isTerminal else { return .active(job.state) }
        // Whoever deletes wants it gone: what a purge leaves in free pages until they are used again is overwritten here.
        try db.control("PRAGMA secure_delete = ON")
        defer { try? db.control("PRAGMA secure_delete = FAST") }
        try db.deleteBodies(of: job.seq)
        return .deleted
    }
}

extension Database {
    func deleteBodies(of seq: Int64) throws {
        try run("DELETE FROM job_input WHERE job = ?1", seq)
        try run("DELETE FROM job_result WHERE job = ?1", seq)
        try run("DELETE FROM job_output WHERE job = ?1", seq)
        try run("DELETE FROM idempotency WHERE job = ?1", seq)
    }
}
