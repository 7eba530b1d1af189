import SluiceProvider
import Synchronization

/// Ends the events of an answer whose model has finished, once nothing more is to be waited for.
final class AnswerPatience: Sendable {
    private let end: Mutex<AnswerEnd>
    private let answer: TransportEvents.Conclusion
    private let alarms: AlarmClock

    private init(_ end: AnswerEnd, of answer: TransportEvents, _ alarms: AlarmClock) {
        self.end = Mutex(end)
        self.answer = answer.conclusion
        self.alarms = alarms
    }

    /// Waits until `end` at most, and no more until what `known` had waited for.
    static func extend(
        _ known: AnswerPatience?,
        to end: AnswerEnd,
        of answer: TransportEvents,
        _ alarms: AlarmClock
    ) -> AnswerPatience {
        if let known {
            known.end.withLock { $0 = end }
            return known
        }
        let patience = AnswerPatience(end, of: answer, alarms)
        patience.wait(until: end.due)
        return patience
    }

    private func wait(until moment: Duration) {
        alarms.set(at: moment) { [self] in
            let due = end.withLock { $0.due }
            // Something came since.
            if due > moment { wait(until: due) } else { answer.conclude() }
        }
    }
}
