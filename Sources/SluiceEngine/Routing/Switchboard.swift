import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// The router and the agenda under one lock, and the bell that wakes the dispatcher.
final class Switchboard: Sendable {
    struct State {
        var router: Router
        var agenda = Agenda()
        var calls = PermitQueue()
        var heldSince: [JobGroup: Duration] = [:]
    }

    let time: EngineTime
    /// Rings when a group may have become due or a row may have opened.
    let doorbell = Doorbell()
    let state: Mutex<State>
    private let settings: EngineSettings

    init(_ catalogue: Catalogue, settings: EngineSettings, time: EngineTime) {
        self.time = time
        self.settings = settings
        state = Mutex(State(router: Router(catalogue, settings: settings)))
    }

    func replace(with catalogue: Catalogue) {
        let uptime = time.uptime()
        state.withLock { state in
            state.router.replace(with: catalogue)
            state.serveCalls(at: uptime)
        }
        doorbell.ring()
    }

    // MARK: Groups

    /// A job of `group` was queued, due at `runAt`.
    func note(_ group: JobGroup, dueAt runAt: Timestamp) {
        // Most jobs come to a group that waits already, for its moment or for a permit; then the dispatcher knows enough.
        let isNews = state.withLock { $0.agenda.note(group, dueAt: runAt) }
        if isNews { doorbell.ring() }
    }

    /// Puts a group back without waking anybody: the dispatcher's own way.
    func putBack(_ group: JobGroup, dueAt runAt: Timestamp) {
        state.withLock { _ = $0.agenda.note(group, dueAt: runAt) }
    }

    func takeDue(at now: Timestamp) -> [GroupState] {
        state.withLock { $0.agenda.takeDue(at: now) }
    }

    /// When the first group that is not due yet will be; nil when there is none.
    func nextDue(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.agenda.nextDue(after: now) }
    }

    // MARK: Permits

    /// Sets permits aside for jobs of a due group.
    ///
    /// Where there is none, the group is put back in the same breath, so that the next permit that is given back is known
    /// to be wanted; `opensIn` is how long until a closed row may open by itself.
    func reserve(_ due: GroupState, count: Int) -> (permits: [Permit], alternates: [Permit], opensIn: Duration?) {
        let uptime = time.uptime()
        return state.withLock { state in
            var random = SystemRandomNumberGenerator()
            let (permits, alternates) = state.router.reserve(due.group, count: count, at: uptime, using: &random)
            guard permits.isEmpty else { return (permits, alternates, nil) }
            state.agenda.note(due.group, dueAt: due.nextRunAt)
            return ([], [], state.router.opensIn(due.group, at: uptime))
        }
    }

    func exchange(_ permit: Permit, after used: Set<PermitName>, for job: ClaimedJob) -> NextPermit {
        let uptime = time.uptime()
        let (next, isWanted) = state.withLock { state in
            let next = state.router.exchange(permit, after: used, for: job, at: uptime)
            // The old permit is free then, and other calls and jobs may wait for it.
            state.serveCalls(at: uptime)
            if case .taken = next { return (next, state.agenda.hasDue(at: time.now())) }
            return (next, false)
        }
        if isWanted { doorbell.ring() }
        return next
    }

    /// Gives permits back; the dispatcher is woken where some group waits for one.
    func release(_ permits: some Collection<Permit>) {
        guard !permits.isEmpty else { return }
        let uptime = time.uptime()
        let isWanted = state.withLock { state in
            state.router.release(permits)
            state.serveCalls(at: uptime)
            // The clock is read under the lock: a group that was put back before us is due by it.
            return state.agenda.hasDue(at: time.now())
        }
        if isWanted { doorbell.ring() }
    }

    // MARK: What calls teach

    func noteAnswer(_ permit: Permit, to owner: OwnerID) {
        let uptime = time.uptime()
        state.withLock { $0.router.noteAnswer(permit, to: owner, at: uptime) }
    }

    /// Returns how long the row rests for the job's model; nil when it goes on.
    func noteFailure(_ permit: Permit, of job: ClaimedJob) -> Duration? {
        let uptime = time.uptime()
        return state.withLock { $0.router.noteFailure(permit, of: job, at: uptime) }
    }

    func noteRateLimit(_ permit: Permit, pause: Duration?) -> Duration {
        let uptime = time.uptime()
        return state.withLock { $0.router.noteRateLimit(permit, pause: pause, at: uptime) }
    }

    func noteRefusal(_ permit: Permit, reason: String) -> Bool {
        let uptime = time.uptime()
        return state.withLock { $0.router.noteRefusal(permit, reason: reason, at: uptime) }
    }

    // MARK: What others are told

    func offer(_ operation: Operation, _ model: String) -> Offer {
        state.withLock { $0.router.offer(operation, model) }
    }

    func hold(_ group: JobGroup, for owner: OwnerID? = nil) -> Hold? {
        let uptime = time.uptime()
        return state.withLock { $0.router.hold(group, for: owner, at: uptime) }
    }

    /// The rows as they stand in the file.
    var rows: [ProviderRow] { state.withLock { $0.router.catalogue } }

    var status: [RowStatus] {
        let uptime = time.uptime()
        let now = time.now()
        return state.withLock { $0.router.status(at: uptime, now: now) }
    }

    /// Those of `groups` for which something has been missing or refused, or calls have failed, for as long as the engine's
    /// patience lasts.
    func heldTooLong(of groups: [JobGroup]) -> [JobGroup] {
        let uptime = time.uptime()
        return state.withLock { state in
            var heldSince: [JobGroup: Duration] = [:]
            for group in groups where state.router.isDown(group) {
                heldSince[group] = state.heldSince[group] ?? uptime
            }
            state.heldSince = heldSince
            return heldSince.filter { uptime - $0.value >= settings.patience }.map(\.key)
        }
    }
}
