import GRDB
package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func job(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> JobRecord? {
        try await read { db in try db.record(id, owner: owner) }
    }

    package func job(
        upstreamID: String,
        format: RequestFormat,
        owner: OwnerID
    ) async throws(StoreError) -> JobRecord? {
        try await read { db in try db.record(upstreamID: upstreamID, format: format, owner: owner) }
    }

    package func lineage(
        of parent: JobID,
        owner: OwnerID,
        atMost limits: LineageLimits
    ) async throws(StoreError) -> Lineage {
        try await read { db in try db.lineage(of: parent, owner: owner, limits) }
    }

    package func traced(_ id: JobID) async throws(StoreError) -> TracedJob? {
        try await read { db in try db.tracedJob(id) }
    }

    package func jobs(_ query: JobQuery) async throws(StoreError) -> JobPage {
        try await read { db in try db.list(query) }
    }

    package func openJobs(_ query: OpenJobQuery) async throws(StoreError) -> OpenJobPage {
        try await read { db in try db.open(query) }
    }

    package func submission(
        owner: OwnerID,
        key: String,
        fingerprint: [UInt8],
        at now: Timestamp
    ) async throws(StoreError) -> Submission? {
        try await read { db in try db.submission(owner: owner, key: key, fingerprint: fingerprint, at: now) }
    }

    package func attempts(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> [AttemptRecord]? {
        try await read { db in
            guard let job = try db.job(id, owner: owner) else { return nil }
            return try db.attempts(job.seq)
        }
    }

    package func progress(_ id: JobID, owner: OwnerID?, withLog: Bool) async throws(StoreError) -> JobProgress? {
        try await read { db in try db.progress(id, owner: owner, withLog: withLog) }
    }

    package func groups() async throws(StoreError) -> [GroupState] {
        try await read { db in try db.groups() }
    }

    package func ids(from first: JobID, through last: JobID, limit: Int) async throws(StoreError) -> [JobID] {
        try await read { db in
            try db.all(
                "SELECT id FROM job WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
                first,
                last,
                max(limit, 0)
            ) { row in try row.jobID() }
        }
    }

    package func jobCounts() async throws(StoreError) -> [CountedJobs: Int] {
        try await read { db in try db.jobCounts() }
    }
}
