import SluiceTypes
import Synchronization

/// The wall clock as far as it may be trusted with an end: of a job's time to begin, and of its time to be kept.
final class TrustedClock: Sendable {
    private struct State {
        var deadlines: BelievedTime
        var purges: BelievedTime
        /// By how much the wall clock leads the uptime.
        var lead: Duration
    }

    /// Machines that come up without a clock are put right within minutes.
    private static let doubt = Duration.seconds(900)

    private let time: EngineTime
    private let state: Mutex<State>

    /// Believes the wall clock as it is now.
    init(_ time: EngineTime) {
        self.time = time
        let (wall, uptime) = (time.now(), time.uptime())
        let believed = BelievedTime(wall, at: uptime)
        state = Mutex(State(deadlines: believed, purges: believed, lead: Self.lead(wall, uptime)))
    }

    /// Goes on from what an earlier life of the store believed: it may have been right when this clock is wrong.
    func resume(from noted: Timestamp) {
        let uptime = time.uptime()
        state.withLock { state in
            state.purges = BelievedTime(noted, at: uptime)
            state.deadlines.raise(to: noted)
        }
    }

    /// The moment by which deadlines and patience are judged.
    func forDeadlines() -> Timestamp {
        let (wall, uptime) = (time.now(), time.uptime())
        return state.withLock { $0.deadlines.believe(wall, at: uptime) }
    }

    /// The moment by which ended jobs have been kept long enough, and the latest time of day that has been believed so,
    /// which is to be noted for the next life.
    func forPurges() -> (now: Timestamp, peak: Timestamp) {
        let (wall, uptime) = (time.now(), time.uptime())
        return state.withLock { state in
            (state.purges.believe(wall, at: uptime), state.purges.peak)
        }
    }

    /// True where the wall clock is far behind what was believed, and has not been for a quarter of an hour: whether it is
    /// wrong now or was before can't be told yet.
    func isInDoubt() -> Bool {
        let (wall, uptime) = (time.now(), time.uptime())
        return state.withLock { state in
            _ = state.purges.believe(wall, at: uptime)
            return state.purges.isBehind && state.purges.lag(at: uptime) < Self.doubt
        }
    }

    /// True when the wall clock has gone back since this was last asked, by more than clocks are slowed down by.
    func hasGoneBack() -> Bool {
        let lead = Self.lead(time.now(), time.uptime())
        return state.withLock { state in
            defer { state.lead = lead }
            return state.lead - lead > .seconds(1)
        }
    }

    private static func lead(_ wall: Timestamp, _ uptime: Duration) -> Duration {
        wall.since(Timestamp(milliseconds: 0)) - uptime
    }
}
