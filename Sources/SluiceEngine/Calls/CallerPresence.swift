import SluiceTypes
import Synchronization

/// Who waits for which call: so that a call without anybody is closed, or found again by its caller's retry.
///
/// It is kept in memory: a start ends every call of the life before, and an error is
/// never handed to a retry that names no key.
final class CallerPresence: Sendable {
    fileprivate struct Entry {
        /// Counted over all calls: ids of one millisecond don't tell which came first.
        var number: Int
        /// By what it is found again.
        var key: CallKey
        var policy: CallRequest.OnDisconnect
        var callers = 1
        var hasSucceeded = false
        /// When it was left, counted over all calls; nil while somebody waits.
        var left: Int?
    }

    fileprivate struct State {
        var calls: [JobID: Entry] = [:]
        /// Calls that nobody waits for, by what they asked.
        var orphans: [[UInt8]: Set<JobID>] = [:]
        /// The last failed call by what it asked, for a caller who tries again.
        var failed: [[UInt8]: (id: JobID, at: Duration)] = [:]
        /// The last call that failed before anything was shown, and may have been paid for, by an agent's key.
        var charged: [[UInt8]: (id: JobID, at: Duration)] = [:]
        var arrivals = 0
        var departures = 0
    }

    /// What is to be done about a call that was left.
    enum Departure: Sendable, Hashable {
        case nothing
        case close
        /// To be closed unless somebody comes back within the grace: see ``CallerPresence/closes(_:after:)``.
        case grace(departure: Int)
        /// To be forgotten when its answer is of no more use: see ``CallerPresence/forget(_:after:)``.
        case memory(departure: Int)
    }

    private let state = Mutex(State())
    private let memory: Duration

    /// - Parameter memory: how long an end may be of use to a retry.
    init(memory: Duration) {
        self.memory = memory
    }

    /// A call begins, and its caller waits.
    func enter(_ id: JobID, _ key: CallKey, _ policy: CallRequest.OnDisconnect) {
        state.withLock { state in
            state.arrivals += 1
            state.calls[id] = Entry(number: state.arrivals, key: key, policy: policy)
        }
    }

    /// One more caller waits for a call; nothing changes where it is not known.
    func join(_ id: JobID) {
        state.withLock { state in
            guard var entry = state.calls[id] else { return }
            entry.callers += 1
            state.attend(id, &entry)
        }
    }

    /// The newest call that asked the same, is running or has succeeded, and that nobody waits for: it has a caller again.
    func adopt(_ key: [UInt8]) -> JobID? {
        state.withLock { state in
            let orphans = (state.orphans[key] ?? []).compactMap { id in state.calls[id].map { (id, $0) } }
            guard let (newest, orphan) = orphans.max(by: { $0.1.number < $1.1.number }) else { return nil }
            var entry = orphan
            entry.callers += 1
            if Promise.oneHeir.holds { state.attend(newest, &entry) }
            return newest
        }
    }

    /// The failed call that a caller who asks the same again repeats.
    func failure(_ fingerprint: [UInt8], at uptime: Duration) -> JobID? {
        state.withLock { state in
            guard let failed = state.failed.removeValue(forKey: fingerprint), uptime - failed.at <= memory else {
                return nil
            }
            return failed.id
        }
    }

    /// The failed call whose error an agent gets again that asks the same: it may have been paid for, and agents don't obey a word
    /// that forbids to ask again.
    func charged(_ key: [UInt8], at uptime: Duration) -> JobID? {
        state.withLock { state in
            guard let failed = state.charged[key], uptime - failed.at <= memory else { return nil }
            return failed.id
        }
    }

    /// A caller has left, with the answer or without it.
    func leave(_ id: JobID, delivered: Bool) -> Departure {
        state.withLock { state in
            guard var entry = state.calls[id] else { return .nothing }
            entry.callers -= 1
            // Of no more use to anybody: it has been handed over, or has ended and nobody may come back for it.
            let isOver = delivered || (entry.policy == .cancel && entry.hasSucceeded)
            defer { state.calls[id] = entry.callers == 0 && isOver ? nil : entry }
            guard entry.callers == 0, !isOver else { return .nothing }
            guard entry.policy != .cancel else { return .close }
            return state.leave(id, &entry)
        }
    }

    /// A caller was too slow for its stream and left behind: whatever its policy, the call goes on, and its retry finds it.
    func leaveBehind(_ id: JobID) -> Departure {
        state.withLock { state in
            guard var entry = state.calls[id] else { return .nothing }
            entry.callers -= 1
            entry.policy = .continue
            defer { state.calls[id] = entry }
            return entry.callers == 0 ? state.leave(id, &entry) : .nothing
        }
    }

    /// The call has ended; one that `isCharged` may have been paid for, and its caller has seen nothing of an answer.
    ///
    /// Returns the departure after which it is to be forgotten, where nobody waits for an answer that is there.
    func end(_ id: JobID, succeeded: Bool, isCharged: Bool = false, at uptime: Duration) -> Departure {
        state.withLock { state in
            guard var entry = state.calls[id] else { return .nothing }
            guard succeeded || !Promise.noFailureInherited.holds else {
                state.forget(id, entry)
                guard entry.policy != .cancel else { return .nothing }
                state.failed = state.failed.filter { uptime - $0.value.at <= memory }
                state.failed[entry.key.fingerprint] = (id, uptime)
                guard isCharged, let agent = entry.key.agent else { return .nothing }
                state.charged = state.charged.filter { uptime - $0.value.at <= memory }
                state.charged[agent] = (id, uptime)
                return .nothing
            }
            entry.hasSucceeded = true
            state.calls[id] = entry
            return entry.left.map { .memory(departure: $0) } ?? .nothing
        }
    }

    /// The grace of a call that was left is over: true when it is to be closed, false when somebody came for it or it has
    /// ended.
    func closes(_ id: JobID, after departure: Int) -> Bool {
        state.withLock { state in
            guard let entry = state.calls[id], entry.left == departure else { return false }
            return !entry.hasSucceeded
        }
    }

    /// An answer that nobody came for is of no more use.
    func forget(_ id: JobID, after departure: Int) {
        state.withLock { state in
            guard let entry = state.calls[id], entry.left == departure else { return }
            state.forget(id, entry)
        }
    }
}

extension CallerPresence.State {
    /// Nobody waits for a call any more that may still be of use.
    fileprivate mutating func leave(_ id: JobID, _ entry: inout CallerPresence.Entry) -> CallerPresence.Departure {
        departures += 1
        entry.left = departures
        for key in entry.key.all { orphans[key, default: []].insert(id) }
        if entry.hasSucceeded { return .memory(departure: departures) }
        return entry.policy == .grace ? .grace(departure: departures) : .nothing
    }

    fileprivate mutating func attend(_ id: JobID, _ entry: inout CallerPresence.Entry) {
        entry.left = nil
        calls[id] = entry
        for key in entry.key.all { removeOrphan(id, key) }
    }

    fileprivate mutating func forget(_ id: JobID, _ entry: CallerPresence.Entry) {
        calls[id] = nil
        for key in entry.key.all { removeOrphan(id, key) }
    }

    private mutating func removeOrphan(_ id: JobID, _ key: [UInt8]) {
        orphans[key]?.remove(id)
        if orphans[key]?.isEmpty == true { orphans[key] = nil }
    }
}
