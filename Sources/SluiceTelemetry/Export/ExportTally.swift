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
    ///
    /// - Parameters:
    ///   - signal: what is sent.
    ///   - trying: why something is not taken that is tried again; nil where nothing is.
    ///   - isLast: true says it however short a time ago something was said.
    func say(_ signal: Signal, trying: String? = nil, isLast: Bool = false) {
        let now = time.uptime()
        let unsaid = state.withLock { state -> (count: Int, reason: String)? in
            if let last = state.saidAt[signal], now - last < .seconds(60), !isLast { return nil }
            let unsaid = state.unsaid.removeValue(forKey: signal)
            guard unsaid != nil || trying != nil else { return nil }
            state.saidAt[signal] = now
            return unsaid ?? (0, "")
        }
        guard let unsaid else { return }
        let things = signal == .traces ? "spans" : "points of metrics"
        if let trying {
            logger.warning(
                "\(things) can't be delivered to the collector; it is tried again",
                metadata: ["dropped": .stringConvertible(unsaid.count), "reason": "\(trying)"]
            )
        } else {
            logger.warning(
                "\(things) were not delivered to the collector",
                metadata: ["dropped": .stringConvertible(unsaid.count), "reason": "\(unsaid.reason)"]
            )
        }
    }
}
