import SluiceEngine
import SluiceTypes
import Synchronization

/// Spans on their way to a collector: whoever puts one in waits for nobody.
final class SpanQueue: Sendable {
    private let most: Int
    private let batch: Int
    private let tally: ExportTally
    private let waiting = Mutex<[SpanSource]>([])
    /// Rings when there is a whole batch.
    let bell = Doorbell()

    init(most: Int, batch: Int, _ tally: ExportTally) {
        self.most = most
        self.batch = min(batch, most)
        self.tally = tally
    }

    /// Whether a whole batch waits.
    var isFull: Bool { count >= batch }

    var count: Int { waiting.withLock { $0.count } }

    /// Puts spans in; those for which there is no room are dropped.
    func put(_ spans: [SpanSource]) {
        while !Promise.spansNeverWait.holds, count + spans.count > most, !Task.isCancelled { bell.ring() }
        let (dropped, isFull) = waiting.withLock { waiting in
            let room = max(0, most - waiting.count)
            waiting += spans.prefix(room)
            return (spans.count - min(room, spans.count), waiting.count >= batch)
        }
        if dropped > 0 { tally.note(dropped, of: .traces, "there are more than can be sent; \(most) wait") }
        if isFull { bell.ring() }
    }

    /// Takes the oldest, a batch of them at most.
    func take() -> [SpanSource] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(batch))
            waiting.removeFirst(taken.count)
            return taken
        }
    }
}
