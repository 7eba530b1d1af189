import GRDB
import SluiceStore
import SluiceTypes

extension WriterState {
    /// A job has ended whose worker tells of it.
    mutating func noteEnd(of claim: ClaimedJob, as end: JobState, _ errorClass: ErrorClass?, at moment: Timestamp) {
        guard tellsSpans else { return }
        news.spans.append(.job(TracedJob(claim), end, errorClass, at: moment))
    }
}

extension Database {
    /// A job has ended: by what its row says by then.
    func noteEnd(_ seq: Int64, as end: JobState, _ errorClass: ErrorClass?, _ state: inout WriterState) throws {
        guard state.tellsSpans, let job = try tracedJob(seq) else { return }
        let moment = try first("SELECT finished_at FROM job WHERE seq = ?1", seq) { row in row.optional { $0.time() } }
        guard let moment = moment ?? nil else { return }
        state.news.spans.append(.job(job, end, errorClass, at: moment))
    }

    /// What a job's spans tell; nil where a word of it is one that this version does not know.
    func tracedJob(_ seq: Int64) throws -> TracedJob? {
        let job: TracedJob?? = try first(Database.tracedSQL, seq) { row in
            (try? JobFacts(&row)).map { TracedJob($0, TraceContext(&row)) }
        }
        return job ?? nil
    }

    private static let tracedSQL = """
        SELECT \(JobFacts.columns), job_input.trace
        FROM job LEFT JOIN job_input ON job_input.job = job.seq
        WHERE job.seq = ?1
        """
}
