import GRDB
import SluiceStore
import SluiceTypes

extension Predecessor {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = """
        job.id, job.owner, \(Ancestry.columns), job.state, job.keeps_bodies,
        ifnull(length(job_input.body), 0) > 0 AND job_result.job IS NOT NULL
        """

    /// - Throws: ``StoreError`` for a job without a valid id.
    init(_ row: inout RowReader) throws(StoreError) {
        self.init(
            id: try row.jobID(),
            owner: OwnerID(rawValue: row.text()),
            ancestry: Ancestry(&row),
            state: JobState(rawValue: row.text()),
            keepsBodies: row.optional { .milliseconds($0.int64()) },
            hasBodies: row.bool()
        )
    }
}

extension Database {
    static let predecessorSQL = """
        SELECT \(Predecessor.columns)
        FROM job LEFT JOIN job_input ON job_input.job = job.seq LEFT JOIN job_result ON job_result.job = job.seq
        WHERE job.id = ?1
        """

    /// Whether what `job` continues is there to be continued; true for one that begins anew.
    func isContinuable(_ job: NewJob) throws -> Bool {
        guard let ancestry = job.ancestry else { return true }
        return try predecessor(ancestry.previous)?.offers(itselfTo: job) ?? !Promise.parentIsThere.holds
    }

    /// The job of that id, whosever it is; nil where there is none.
    func predecessor(_ id: JobID) throws -> Predecessor? {
        try first(Database.predecessorSQL, id) { row in try Predecessor(&row) }
    }
}
