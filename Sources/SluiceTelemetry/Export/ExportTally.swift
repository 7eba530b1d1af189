package import Logging
package import SluiceEngine
import Synchronization

/// What was not delivered to a collector: counted, and said once a minute.
package final class ExportTally: Sendable {
    /// What is sent.
    package enum Signal: String, Sendable, CaseIterable {
        case traces
        case metrics
    }

    private struct State {
        var dropped: [Signal: Int] = [:]
        /// What was dropped since that was said last, and the last reason.
        var unsaid: [Signal: (count: Int, reason: String)] = [:]
        var saidAt: [Signal: Duration] = [:]
    }

    private let state = Mutex(State())
    private let time: EngineTime
    private let logger: Logger

    package init(time: EngineTime, logger: Logger) {
        self.time = time
        self.logger = logger
    }

    /// How many spans, or points of metrics, were dropped since the start.
    func dropped(_ signal: Signal) -> Int { state.withLock { $0.dropped[signal] ?? 0 } }

    /// Counts what was dropped; it waits for nothing, and says nothing.
    func note(_ count: Int, of signal: Signal, _ reason: String) {
        guard count > 0 else { return }
        state.withLock { state in
            state.dropped[signal, default: 0] += count
            state.unsaid[signal] = ((state.unsaid[signal]?.count ?? 0) + count, reason)
        }
    }

    /// Says what was dropped, where there is something and it is long enough since that was said last.
    func say(_ signal: Signal) {
        let now = time.uptime()
        let unsaid = state.withLock { state -> (count: Int, reason: String)? in
            if let last = state.saidAt[signal], now - last < .seconds(60) { return nil }
            guard let unsaid = state.unsaid.removeValue(forKey: signal) else { return nil }
            state.saidAt[signal] = now
            return unsaid
        }
        guard let unsaid else { return }
        logger.warning(
            "\(signal == .traces ? "spans" : "points of metrics") were not delivered to the collector",
            metadata: ["dropped": .stringConvertible(unsaid.count), "reason": "\(unsaid.reason)"]
        )
    }
}
