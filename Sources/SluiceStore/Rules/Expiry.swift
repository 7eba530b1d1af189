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
        let start = start(at: moment)
        return switch state {
        case .succeeded: start.adding(retention.succeeded)
        case .dead: start.adding(retention.dead)
        case .cancelled, .queued, .running: start.adding(retention.cancelled)
        }
    }

    /// Until when a key that was sent at `moment` stands for its job.
    package func endOfKey(from moment: Timestamp) -> Timestamp {
        start(at: moment).adding(retention.idempotencyKeys)
    }

    /// Whether a key's time is over at `now`.
    ///
    /// A clock that is ahead for a moment ends no key: a second job would be paid for.
    package static func isOver(key end: Timestamp, at now: Timestamp, noted: Timestamp?) -> Bool {
        end <= now && end <= (noted?.adding(JobLimits.clockLead) ?? now)
    }

    /// Until when a job is kept that is past its own time, because other jobs of its thread are; nil where it may go.
    ///
    /// Nothing is known of one that has not ended but that it will be kept for the shortest time from now on, so that is all that the
    /// others are put off by; after it they are looked at again.
    ///
    /// - Parameters:
    ///   - newest: the latest end of time that any ended job of the thread has.
    ///   - lives: whether one of them has not ended.
    ///   - now: the time that is believed.
    /// - Returns: the moment, which is later than `now`; nil where nothing keeps the job.
    package func endOfThread(newest: Timestamp?, lives: Bool, at now: Timestamp) -> Timestamp? {
        guard Promise.threadGoesTogether.holds else { return nil }
        let shortest = max(min(retention.succeeded, retention.dead, retention.cancelled), Expiry.shortestLook)
        let ends = [newest, lives ? start(at: now).adding(shortest) : nil].compactMap(\.self)
        return ends.max().flatMap { $0 > now ? $0 : nil }
    }

    /// No job is looked at more often, whatever the settings say.
    private static let shortestLook = Duration.seconds(60)

    /// When what was asked and answered goes, of a job that ends at `moment` and keeps it for so long; nil for one that keeps it for as
    /// long as itself.
    package func endOfBodies(keptFor time: Duration?, at moment: Timestamp) -> Timestamp? {
        time.map { start(at: moment).adding($0) }
    }

    /// From when on what happens at `moment` is kept.
    package func start(at moment: Timestamp) -> Timestamp {
        noted.map { max($0, moment) } ?? moment
    }
}
