package import SluiceStore
package import SluiceTypes

/// A request that was answered, as its span tells of it.
package struct AnsweredRequest: Sendable, Hashable {
    /// What it came to in jobs.
    package enum Job: Sendable, Hashable {
        /// It brought this one.
        case brought(TracedJob)
        /// It was answered by one that was there, or has changed it.
        case joined(JobID)
    }

    /// How its answer ended.
    package enum End: Sendable, Hashable {
        case whole
        case brokenOff
        /// The caller was gone before there was one.
        case callerGone
    }

    package var method: String
    /// The pattern of its path.
    package var route: String
    /// Its path, without its query.
    package var path: String
    package var status: Int
    package var end: End
    package var beganAt: Timestamp
    package var took: Duration
    /// Where its caller's trace stood.
    package var context: TraceContext?
    /// The trace that it stands in where it has brought no job: its caller's, or a new one.
    package var trace: TraceID
    package var job: Job?

    package init(
        method: String,
        route: String,
        path: String,
        status: Int,
        end: End = .whole,
        beganAt: Timestamp,
        took: Duration,
        context: TraceContext?,
        job: Job? = nil
    ) {
        self.method = method
        self.route = route
        self.path = path
        self.status = status
        self.end = end
        self.beganAt = beganAt
        self.took = took
        self.context = context
        trace = context?.trace ?? .random()
        self.job = job
    }
}
