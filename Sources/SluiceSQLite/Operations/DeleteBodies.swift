import GRDB
import SluiceStore
import SluiceTypes

/// Takes input, output, result and key out of an ended job.
struct DeleteBodies: WriteOperation {
    var id: JobID
    var owner: OwnerID?
    var now: Timestamp
    /// What providers keep of it, and are to delete.
    var upstream: [KeptUpstream]
    /// Names of models that no price table knows.
    var strangers: Set<String>

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Deletion {
        guard let job = try db.job(id, owner: owner) else { return .notFound }
        guard job.state.isTerminal else { return .active(job.state) }
        // Whoever deletes wants it gone: what a purge leaves in free pages until they are used again is overwritten here.
        try db.control("PRAGMA secure_delete = ON")
        defer { try? db.control("PRAGMA secure_delete = FAST") }
        try db.deleteBodies(of: job.seq)
        try db.dropWords(of: id, strangers: strangers, &state)
        try db.run("UPDATE job SET session = NULL WHERE seq = ?1 AND session IS NOT NULL", job.seq)
        for kept in upstream { try db.insert(UpstreamDeletion(id: 0, owner: job.owner, kept, madeAt: now)) }
        return .deleted(dead: try withdraw(from: job.ancestry?.thread ?? id, db, &state))
    }

    static let waitingSQL = """
        SELECT seq, id, previous FROM job INDEXED BY job_thread
        WHERE thread = ?1 AND expires_at IS NULL AND state = 'queued'
        """

    /// Ends the queued jobs of the thread that continue the deleted one.
    private func withdraw(from thread: JobID, _ db: Database, _ state: inout WriterState) throws -> [JobID] {
        let waiting = try db.all(DeleteBodies.waitingSQL, thread) { row in
            (seq: row.int64(), id: try row.jobID(), previous: try row.jobID())
        }
        var dead: [JobID] = []
        for job in waiting where dead.count < JobLimits.withdrawn {
            guard try continues(job.previous, db) else { continue }
            try db.end(job.seq, as: .previousGone, at: now, &state)
            dead.append(job.id)
        }
        return dead
    }

    /// Whether a job is the deleted one, or continues it.
    private func continues(_ job: JobID, _ db: Database) throws -> Bool {
        var next: JobID? = job
        while let job = next, job != id {
            next = try db.first("SELECT previous FROM job WHERE id = ?1", job) { $0.jobIDIfValid() } ?? nil
        }
        return next != nil
    }
}

extension Database {
    /// Takes out what lies beside a job and whatever would tell of it; nothing of it is left to go later.
    func deleteBodies(of seq: Int64) throws {
        try run("UPDATE job SET bodies_until = NULL WHERE seq = ?1 AND bodies_until IS NOT NULL", seq)
        try run("DELETE FROM job_input WHERE job = ?1", seq)
        try run("DELETE FROM job_result WHERE job = ?1", seq)
        try run("DELETE FROM job_output WHERE job = ?1", seq)
        try run("DELETE FROM idempotency WHERE job = ?1", seq)
    }
}
