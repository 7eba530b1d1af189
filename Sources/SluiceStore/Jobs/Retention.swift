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
