import HeapModule
import Synchronization

/// Does things at moments of the engine's uptime: one sleeping task for all of them.
///
/// It is for what is set far more often than it goes off, such as the end of a stream's silence: nothing is ever called off, so what
/// goes off has to look whether it is still wanted. It goes off up to ``grain`` late, so that many moments are one.
package final class AlarmClock: Sendable {
    private struct Alarm: Comparable, Sendable {
        let at: Duration
        let goOff: @Sendable () -> Void

        static func < (left: Alarm, right: Alarm) -> Bool { left.at < right.at }
        static func == (left: Alarm, right: Alarm) -> Bool { left.at == right.at }
    }

    private struct State {
        var alarms = Heap<Alarm>()
        /// The moment for which the task sleeps; nil while there is none.
        var sleepsUntil: Duration?
        var sleeper: Task<Void, Never>?
    }

    /// All moments within it are one.
    package static let grain = Duration.milliseconds(250)

    private let state = Mutex(State())
    private let time: EngineTime

    package init(_ time: EngineTime) {
        self.time = time
    }

    deinit {
        state.withLock { $0.sleeper?.cancel() }
    }

    /// Calls `goOff` at `moment`, or a little later; it must not wait.
    package func set(at moment: Duration, _ goOff: @escaping @Sendable () -> Void) {
        let moment = AlarmClock.rounded(moment)
        state.withLock { state in
            state.alarms.insert(Alarm(at: moment, goOff: goOff))
            if let sleepsUntil = state.sleepsUntil, sleepsUntil <= moment { return }
            sleep(until: moment, &state)
        }
    }

    private func sleep(until moment: Duration, _ state: inout State) {
        state.sleeper?.cancel()
        state.sleepsUntil = moment
        state.sleeper = Task { [weak self, time] in
            try? await time.sleep(moment - time.uptime())
            if !Task.isCancelled { self?.wake(moment) }
        }
    }

    private func wake(_ moment: Duration) {
        let uptime = max(moment, time.uptime())
        let due: [Alarm] = state.withLock { state in
            guard state.sleepsUntil == moment else { return [] }
            var due: [Alarm] = []
            while let next = state.alarms.min, next.at <= uptime { due.append(state.alarms.removeMin()) }
            (state.sleepsUntil, state.sleeper) = (nil, nil)
            if let next = state.alarms.min { sleep(until: next.at, &state) }
            return due
        }
        // Outside the lock: what goes off may set the next.
        for alarm in due { alarm.goOff() }
    }

    private static func rounded(_ moment: Duration) -> Duration {
        let grains = moment / grain
        return grain * Int(grains.rounded(.up))
    }
}
