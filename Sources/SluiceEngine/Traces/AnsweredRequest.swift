package import SluiceStore
package import SluiceTypes

/// A request that was answered, as its span tells of it.
package struct AnsweredRequest: Sendable, Hashable {
    /// What it came to in jobs.
    package enum Job: Sendable, Hashable {
        /// It brought this one.
        case brought(TracedJob)
        /// It was answered by one that was there.
        case joined(TracedJob)
    }

    package var method: String
    /// The pattern of its path; nil where nothing is there.
    package var route: String?
    package var status: Int
    /// Whether its answer broke off.
    package var isBroken: Bool
    package var beganAt: Timestamp
    package var took: Duration
    /// Where its caller's trace stood.
    package var context: TraceContext?
    package var job: Job?

    package init(
        method: String,
        route: String?,
        status: Int,
        isBroken: Bool,
        beganAt: Timestamp,
        took: Duration,
        context: TraceContext?,
        job: Job?
    ) {
        self.method = method
        self.route = route
        self.status = status
        self.isBroken = isBroken
        self.beganAt = beganAt
        self.took = took
        self.context = context
        self.job = job
    }
}
