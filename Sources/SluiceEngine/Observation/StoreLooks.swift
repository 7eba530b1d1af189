import SluiceStore
import SluiceTypes
import Synchronization

/// Looks at the store for those who report: seldom, and so that none of them waits for a store that does not answer.
final class StoreLooks: Sendable {
    private struct State {
        var last: StoreLook?
        var lookedAt: Duration?
        var isLooking = false
    }

    private let store: any Store
    private let time: EngineTime
    private let state = Mutex(State())
    private let bell = Doorbell()

    init(store: any Store, time: EngineTime) {
        self.store = store
        self.time = time
    }

    /// How old a look may be.
    private static let freshness = Duration.seconds(1)
    /// How long a report waits for a new one.
    private static let patience = Duration.milliseconds(500)

    /// The newest look that can be had in a moment; one that could not be had in time says that the store is away.
    func look() async -> StoreLook {
        let uptime = time.uptime()
        let begins = state.withLock { state in
            if let at = state.lookedAt, uptime - at < StoreLooks.freshness, state.last != nil { return false }
            defer { state.isLooking = true }
            return !state.isLooking
        }
        if begins { Task { await lookAnew() } }
        let end = uptime + StoreLooks.patience
        while state.withLock({ $0.isLooking }), time.uptime() < end { await bell.wait(until: end, time) }
        return state.withLock { state in
            var look = state.last ?? StoreLook(firstDue: [:], owners: [:], tokens: [])
            if state.isLooking { look.trouble = "the store does not answer" }
            return look
        }
    }

    private func lookAnew() async {
        var look = state.withLock { $0.last } ?? StoreLook(firstDue: [:], owners: [:], tokens: [])
        do throws(StoreError) {
            let groups = try await store.groups()
            look.firstDue = Dictionary(groups.map { ($0.group, $0.nextRunAt) }) { first, _ in first }
            look.owners = Dictionary(try await store.owners().map { ($0.id, $0.name) }) { first, _ in first }
            let now = time.now()
            look.tokens = try await store.tokens(owner: nil).filter { $0.isEnding(at: now) }
            try await store.checkWritable()
            look.trouble = nil
        } catch {
            look.trouble = error.message
        }
        state.withLock { state in
            state = State(last: look, lookedAt: time.uptime(), isLooking: false)
        }
        bell.ring()
    }
}
