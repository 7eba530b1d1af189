import SluiceStore
import SluiceTypes
import Synchronization

/// Looks at the store for those who report: seldom, and so that none of them waits for a store that does not answer.
final class StoreLooks: Sendable {
    private struct State {
        var last: StoreLook?
        var lookedAt: Duration?
        /// Fires at the end of the look that is under way; nil where none is.
        var end: Signal?
    }

    private let store: any Store
    private let time: EngineTime
    private let state = Mutex(State())

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
        let (end, begins) = state.withLock { state -> (Signal?, Bool) in
            if let end = state.end { return (end, false) }
            if let at = state.lookedAt, uptime - at < StoreLooks.freshness, state.last != nil { return (nil, false) }
            state.end = Signal()
            return (state.end, true)
        }
        // Nobody's child: whoever asked first may go, and the others wait for the same look.
        if begins { Task { await lookAnew() } }
        if let end { await wait(for: end, until: uptime + StoreLooks.patience) }
        var look = state.withLock { $0.last } ?? StoreLook(firstDue: [:], owners: [:], tokens: [])
        if let end, !end.hasFired { look.trouble = "the store does not answer" }
        return look
    }

    /// Any number of reports may wait for the same look, each by a bell of its own.
    private func wait(for end: Signal, until moment: Duration) async {
        let bell = Doorbell()
        let reaction = end.onFire { bell.ring() }
        defer { end.forget(reaction) }
        while !end.hasFired, !Task.isCancelled, time.uptime() < moment { await bell.wait(until: moment, time) }
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
        let end = state.withLock { state in
            defer { state = State(last: look, lookedAt: time.uptime()) }
            return state.end
        }
        end?.fire()
    }
}
