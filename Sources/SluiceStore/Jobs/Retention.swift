/// How long an ended job is kept, fetched or not, and what is kept beside jobs.
package struct Retention: Sendable, Hashable {
    package var succeeded: Duration
    package var dead: Duration
    package var cancelled: Duration
    /// A key never outlives its job.
    package var idempotencyKeys: Duration
    /// A line of the audit.
    package var audit: Duration
    /// A line of the ledger.
    package var ledger: Duration
    /// The sums of a day.
    package var usage: Duration

    package init(
        succeeded: Duration,
        dead: Duration,
        cancelled: Duration,
        idempotencyKeys: Duration,
        audit: Duration = .seconds(400 * 86_400),
        ledger: Duration = .seconds(100 * 86_400),
        usage: Duration = .seconds(400 * 86_400)
    ) {
        self.succeeded = succeeded
        self.dead = dead
        self.cancelled = cancelled
        self.idempotencyKeys = idempotencyKeys
        self.audit = audit
        self.ledger = ledger
        self.usage = usage
    }

    /// 30 days, 90 days, 7 days; keys 24 hours, the audit 400 days; the ledger 100 days, its sums 400.
    package static let standard = Retention(
        succeeded: .seconds(30 * 86_400),
        dead: .seconds(90 * 86_400),
        cancelled: .seconds(7 * 86_400),
        idempotencyKeys: .seconds(86_400)
    )
}
