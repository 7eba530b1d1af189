package import SluiceEngine
import SluiceStore
import SluiceTypes
import Synchronization

/// Records spans of what happens, for a collector.
package final class Tracer: Observer {
    private let sampler: TraceSampler
    let queue: SpanQueue
    private let rows = Mutex<[String: CatalogueRow]>([:])

    package init(_ settings: ExportSettings, _ tally: ExportTally) {
        sampler = settings.sampler
        queue = SpanQueue(most: settings.queue, batch: settings.batch, tally)
    }

    /// The rows, for what spans tell of them.
    var catalogue: [String: CatalogueRow] { rows.withLock { $0 } }

    package func note(_ observed: Observed) {
        switch observed {
        case .catalogue(let rows):
            let byName = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
            self.rows.withLock { $0 = byName }
        case .committed(let news):
            guard !news.spans.isEmpty else { return }
            put(news.spans.map { .ended($0) })
        case .answered(let request): put([.answered(request)])
        case .stored, .asked, .replayed, .joined, .refused: break
        }
    }

    private func put(_ spans: [SpanSource]) {
        let taken = spans.filter { $0.isTaken(by: sampler) }
        if !taken.isEmpty { queue.put(taken) }
    }
}
