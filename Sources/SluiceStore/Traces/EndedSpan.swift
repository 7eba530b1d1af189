package import SluiceTypes

/// A span that has ended with a commit.
package enum EndedSpan: Sendable, Hashable {
    /// An attempt of a job. `finish` tells why the model stopped, where it has answered.
    case attempt(AttemptEnding, of: TracedJob, finish: String?)
    /// A job has ended, whichever of its lives it was; `former` is the failed one that it repeats, where that can still be found.
    case job(TracedJob, JobState, ErrorClass?, at: Timestamp, former: TracedJob?)

    /// The job whose span it is, or whose attempt's.
    package var job: TracedJob {
        switch self {
        case .attempt(_, let job, _): job
        case .job(let job, _, _, _, _): job
        }
    }
}
