package import SluiceTypes

/// When a job has waited long enough.
package enum Patience {
    /// Whether a job's own deadline has passed.
    package static func isOverdue(deadlineAt: Timestamp?, at now: Timestamp) -> Bool {
        deadlineAt.map { $0 <= now } ?? false
    }

    /// Whether a job that nobody could serve since `heldSince` has waited for all of that time: it was there, and due, before.
    ///
    /// A job with a deadline has that, and no other patience.
    package static func isHeldTooLong(
        createdAt: Timestamp,
        runAt: Timestamp,
        deadlineAt: Timestamp?,
        heldSince: Timestamp
    ) -> Bool {
        deadlineAt == nil && max(createdAt, runAt) < heldSince
    }

    /// Whether a job that has been put off since `deferredSince` is put off no more.
    package static func isOver(
        deferredSince: Timestamp?,
        deadlineAt: Timestamp?,
        at now: Timestamp,
        after patience: Duration
    ) -> Bool {
        guard deadlineAt == nil else { return false }
        return (deferredSince.map { now.since($0) } ?? .zero) >= patience
    }
}
