package import SluiceTypes

/// A span that has ended with a commit.
package enum EndedSpan: Sendable, Hashable {
    /// An attempt of a job. `finish` tells why the model stopped, where it has answered.
    case attempt(AttemptEnding, of: TracedJob, finish: String?)
    /// A job has ended, whichever of its lives it was.
    case job(TracedJob, JobState, ErrorClass?, at: Timestamp)

    /// The job whose span it is, or whose attempt's.
    package var job: TracedJob {
        switch self {
        case .attempt(_, let job, _): job
        case .job(let job, _, _, _): job
        }
    }
}
