/// The counters that end a job; the table "What counts, and against what" in `docs/jobs.md` tells what raises them.
package enum JobLimits {
    /// Failures that count before a job is dead, unless it says otherwise: the first try and one retry.
    package static let tries = 2
    /// Crashes of the gateway under a job before it is taken for the cause.
    package static let interrupts = 5
    /// The longest that a caller may put a job off.
    package static let delay = Duration.seconds(30 * 86_400)
    /// The longest wait that the gateway itself asks for after a failure, unless a provider asked for more.
    package static let pause = Duration.seconds(60)
    /// By how much the wall clock may lead, or trail, the time that is believed, and still be right.
    package static let clockLead = Duration.seconds(3600)
}

/// How long an ended job is kept, fetched or not.
package struct Retention: Sendable, Hashable {
    package var succeeded: Duration
    package var dead: Duration
    package var cancelled: Duration
    /// A key never outlives its job.
    package var idempotencyKeys: Duration

    package init(succeeded: Duration, dead: Duration, cancelled: Duration, idempotencyKeys: Duration) {
        self.succeeded = succeeded
        self.dead = dead
        self.cancelled = cancelled
        self.idempotencyKeys = idempotencyKeys
    }

    /// 30 days, 90 days, 7 days; keys 24 hours.
    package static let standard = Retention(
        succeeded: .seconds(30 * 86_400),
        dead: .seconds(90 * 86_400),
        cancelled: .seconds(7 * 86_400),
        idempotencyKeys: .seconds(86_400)
    )
}
