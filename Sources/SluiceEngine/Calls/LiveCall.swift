package import SluiceTypes
import Synchronization

/// A sync or streaming call under way, as its caller sees it: when it is stored, its log, its end.
///
/// The call goes on without its caller; see ``CallDesk/leave(_:delivered:)``.
package final class LiveCall: Sendable {
    private struct State {
        var isStored = false
        var log: JobLog?
        var end: CallEnd?
        var watchers: [ObjectIdentifier: Watcher] = [:]
    }

    private struct Watcher {
        var bell: Doorbell
        /// Whether there is what it waits for.
        var isDue: @Sendable (borrowing State) -> Bool
    }

    package let id: JobID
    private let state = Mutex(State())
    /// Told of the end before the caller is.
    private let onEnd: @Sendable (CallEnd) -> Void

    init(_ id: JobID, onEnd: @escaping @Sendable (CallEnd) -> Void) {
        self.id = id
        self.onEnd = onEnd
    }

    // MARK: The engine's side

    /// The job is committed: bytes may leave for the caller.
    func noteStored() {
        change { $0.isStored = true }
    }

    /// An attempt begins.
    func begin(_ log: JobLog) {
        change { $0.log = log }
    }

    /// The call is over and its end is committed.
    ///
    /// Once only.
    func finish(_ end: CallEnd) {
        onEnd(end)
        change { $0.end = end }
    }

    private func change(_ change: (inout State) -> Void) {
        let due = state.withLock { state in
            change(&state)
            return state.watchers.values.filter { $0.isDue(state) }
        }
        for watcher in due { watcher.bell.ring() }
    }

    // MARK: The caller's side

    /// What the provider said of its limits, as far as it has answered.
    package var limits: [String: String] {
        state.withLock { $0.log }?.limits ?? [:]
    }

    /// The call's end; nil when `gone` fires before, and when the task is cancelled.
    package func end(unless gone: Signal? = nil) async -> CallEnd? {
        await look(unless: gone) { $0.end }
    }

    /// The log of the attempt that brought the first chunk of a stored stream, or the end of a call that brought none; nil
    /// when `gone` fires before, and when the task is cancelled.
    package func beginning(unless gone: Signal? = nil) async -> CallBeginning? {
        guard var next = await look(unless: gone, Self.firstLog) else { return nil }
        while case .stream(let log) = next {
            if await log.hasChunk(unless: gone) { return next }
            let later = await look(unless: gone) { Self.other($0, than: log) ?? $0.end.map { .ended($0) } }
            guard let later else { return nil }
            next = later
        }
        return next
    }

    private static func firstLog(_ state: State) -> CallBeginning? {
        // The log first: a stream may be over before its caller looks for the beginning.
        if state.isStored || !Promise.storedBeforeBytes.holds, let log = state.log { return .stream(log) }
        return state.end.map { .ended($0) }
    }

    private static func other(_ state: State, than log: JobLog) -> CallBeginning? {
        state.log.flatMap { $0 === log ? nil : .stream($0) }
    }

    /// What `look` finds, as soon as it finds something; nil when `gone` fires before, and when the task is cancelled.
    private func look<Found>(
        unless gone: Signal?,
        _ look: @escaping @Sendable (borrowing State) -> Found?
    ) async -> Found? {
        if let found = state.withLock({ look($0) }) { return found }
        let bell = Doorbell()
        state.withLock { $0.watchers[ObjectIdentifier(bell)] = Watcher(bell: bell) { look($0) != nil } }
        defer { state.withLock { _ = $0.watchers.removeValue(forKey: ObjectIdentifier(bell)) } }
        return await bell.ringing(at: gone) {
            while true {
                if let found = state.withLock({ look($0) }) { return found }
                if Task.isCancelled || gone?.hasFired == true { return nil }
                await bell.wait()
            }
        }
    }
}

/// How a call begins for a caller who wants a stream.
package enum CallBeginning: Sendable {
    /// Chunks have come; the log has them from its beginning on.
    case stream(JobLog)
    case ended(CallEnd)
}
