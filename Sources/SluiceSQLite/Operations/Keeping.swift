import SluiceStore
import SluiceTypes

/// How long what ends now is kept.
///
/// It is counted from the moment of the end, or from the time that was noted as believed where that is later: a wall clock
/// that was behind for a while would else have put the end of an answer's time into the past.
struct Keeping: Sendable {
    let retention: Retention
    var noted: Timestamp?

    /// When a job that ends so at `moment` has been kept long enough.
    func end(of state: JobState, at moment: Timestamp) -> Timestamp {
        let start = later(moment)
        return switch state {
        case .succeeded: start.adding(retention.succeeded)
        case .dead: start.adding(retention.dead)
        case .cancelled, .queued, .running: start.adding(retention.cancelled)
        }
    }

    /// Until when a key that was sent at `moment` stands for its job.
    func endOfKey(from moment: Timestamp) -> Timestamp {
        later(moment).adding(retention.idempotencyKeys)
    }

    private func later(_ moment: Timestamp) -> Timestamp {
        noted.map { max($0, moment) } ?? moment
    }
}
