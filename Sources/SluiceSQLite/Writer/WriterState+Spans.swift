import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// A job has ended whose worker tells of it.
    func noteEnd(
        _ seq: Int64,
        of claim: ClaimedJob,
        as end: JobState,
        _ errorClass: ErrorClass?,
        at moment: Timestamp,
        _ state: inout WriterState
    ) throws {
        guard state.tellsSpans else { return }
        state.news.spans.append(.job(TracedJob(claim), end, errorClass, at: moment, former: try former(of: seq)))
    }

    /// A job has ended: by what its row says by then.
    func noteEnd(_ seq: Int64, as end: JobState, _ errorClass: ErrorClass?, _ state: inout WriterState) throws {
        guard state.tellsSpans, let job = try tracedJob(seq) else { return }
        let moment = try first("SELECT finished_at FROM job WHERE seq = ?1", seq) { row in row.optional { $0.time() } }
        guard let moment = moment ?? nil else { return }
        state.news.spans.append(.job(job, end, errorClass, at: moment, former: try former(of: seq)))
    }

    /// The failed job that a job repeats.
    private func former(of seq: Int64) throws -> TracedJob? {
        let former = try first(
            "SELECT former.seq FROM job JOIN job AS former ON former.id = job.retry_of WHERE job.seq = ?1",
            seq
        ) { $0.int64() }
        return try former.flatMap { try tracedJob($0) }
    }

    func tracedJob(_ id: JobID) throws -> TracedJob? {
        try first("SELECT seq FROM job WHERE id = ?1", id) { $0.int64() }.flatMap { try tracedJob($0) }
    }

    /// What a job's spans tell; nil where a word of it is one that this version does not know, and for a call whose input is gone.
    func tracedJob(_ seq: Int64) throws -> TracedJob? {
        let job: TracedJob?? = try first(Database.tracedSQL, seq) { row in
            let hasInput = row.bool()
            guard let facts = try? JobFacts(&row), hasInput || facts.terms.entry != .call else { return nil }
            return TracedJob(facts, TraceContext(&row))
        }
        return job ?? nil
    }

    private static let tracedSQL = """
        SELECT job_input.job IS NOT NULL, \(JobFacts.columns), job_input.trace
        FROM job LEFT JOIN job_input ON job_input.job = job.seq
        WHERE job.seq = ?1
        """
}
