import GRDB
package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func purge(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write(PurgeJobs(now: now, limit: limit))
    }

    package func forgetBodies(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write(ForgetBodies(now: now, limit: limit))
    }

    package func forgetKeys(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write(ForgetKeys(now: now, limit: limit))
    }

    package func cutAudit(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write(CutAudit(now: now, limit: limit))
    }

    package func cutLedger(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write(CutLedger(now: now, limit: limit))
    }

    package func giveBackRoom() async throws(StoreError) -> Bool {
        try await write(GiveBackRoom())
    }

    package func realign(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        // It may look at every queued job: not on the writer's thread, where all would wait.
        let jobs = try await read { db in try db.misplaced(at: now, limit: limit) }
        return jobs.isEmpty ? 0 : try await write(RealignJobs(jobs: jobs, now: now))
    }

    package func note(time: Timestamp) async throws(StoreError) {
        try await write(NoteTime(time: time))
    }

    package func notedTime() async throws(StoreError) -> Timestamp? {
        try await read { db in try db.notedTime() }
    }
}
