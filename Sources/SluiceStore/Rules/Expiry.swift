package import SluiceTypes

/// When what ends now has been kept long enough.
///
/// It is counted from the moment of the end, or from the time that was noted as believed where that is later: a wall clock
/// that was behind for a while would else have put the end of an answer's time into the past.
package struct Expiry: Sendable, Hashable {
    package let retention: Retention
    /// The last time of day that was written down as believed; nil in a new store.
    package var noted: Timestamp?

    package init(_ retention: Retention, noted: Timestamp? = nil) {
        self.retention = retention
        self.noted = noted
    }

    /// Until when a job that ends so at `moment` is kept.
    package func end(of state: JobState, at moment: Timestamp) -> Timestamp {
        let start = later(moment)
        return switch state {
        case .succeeded: start.adding(retention.succeeded)
        case .dead: start.adding(retention.dead)
        case .cancelled, .queued, .running: start.adding(retention.cancelled)
        }
    }

    /// Until when a key that was sent at `moment` stands for its job.
    package func endOfKey(from moment: Timestamp) -> Timestamp {
        later(moment).adding(retention.idempotencyKeys)
    }

    /// Whether a key's time is over at `now`.
    ///
    /// A clock that is ahead for a moment ends no key: a second job would be paid for.
    package static func isOver(key end: Timestamp, at now: Timestamp, noted: Timestamp?) -> Bool {
        end <= now && end <= (noted?.adding(JobLimits.clockLead) ?? now)
    }

    private func later(_ moment: Timestamp) -> Timestamp {
        noted.map { max($0, moment) } ?? moment
    }
}
