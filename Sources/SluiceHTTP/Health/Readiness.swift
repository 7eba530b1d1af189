import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceStore
import Synchronization

/// Whether the store can write, asked at most once a second.
final class Readiness: Sendable {
    private struct Probe {
        var at: ContinuousClock.Instant
        var trouble: String?
    }

    private let store: any StoreProof
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private let last = Mutex<Probe?>(nil)

    init(store: any StoreProof, uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.store = store
        self.uptime = uptime
    }

    /// Why the store can't write; nil when it can.
    func trouble() async -> String? {
        let moment = uptime()
        if let last = last.withLock({ $0 }), last.at.duration(to: moment) < .seconds(1) { return last.trouble }
        var trouble: String?
        do throws(StoreError) {
            try await store.checkWritable()
        } catch {
            trouble = "the store can't write: \(error.message)"
        }
        last.withLock { $0 = Probe(at: moment, trouble: trouble) }
        return trouble
    }
}
