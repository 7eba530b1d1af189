import SluiceStore
import SluiceTypes

/// Which groups hold queued jobs, and when each is due: the store's ready index in a few words, kept in memory.
///
/// It is a hint. A group that is named here without need costs one claim that finds nothing; one that is missing is found
/// again at the next sweep.
struct Agenda {
    /// What is known of a group of which only jobs of some owners are due, for whom nothing can be done.
    private struct Closed {
        var owners: Set<OwnerID>
        /// When the next job of anybody else is due; nil for none.
        var othersDueAt: Timestamp?
    }

    /// For whom places were set aside in a group, and who had nothing due.
    private struct Idle {
        var owners: Set<OwnerID>
        /// The uptime from which on they come before others again.
        var until: Duration
    }

    /// So long nothing is set aside before others for one who had nothing due: short, since a job of theirs may become due meanwhile.
    private static let idleFor = Duration.milliseconds(250)

    private var dueAt: [JobGroup: Timestamp] = [:]
    /// Whose jobs are in it, as far as that was told.
    private var owners: [JobGroup: Set<OwnerID>] = [:]
    private var turns: [Lane: OwnerTurns] = [:]
    private var closed: [JobGroup: Closed] = [:]
    private var idle: [JobGroup: Idle] = [:]

    /// A job of `group`, of one of `owners`, was queued, due at `runAt`.
    ///
    /// False when that was known: the group is down for that moment, or for an earlier one.
    @discardableResult
    mutating func note(_ group: JobGroup, of owners: Set<OwnerID> = [], dueAt runAt: Timestamp) -> Bool {
        note(owners, in: group)
        let wasClosed = !closed.isEmpty && closed.removeValue(forKey: group) != nil
        if let known = dueAt[group], known <= runAt { return wasClosed }
        dueAt[group] = runAt
        return true
    }

    private mutating func note(_ owners: Set<OwnerID>, in group: JobGroup) {
        guard !owners.isEmpty else { return }
        let known = self.owners[group]?.count ?? 0
        guard known < GroupState.mostOwners else { return }
        self.owners[group, default: []].formUnion(owners)
    }

    /// A job of the owner has begun: the others' turn comes.
    mutating func noteBegun(_ group: JobGroup, of owner: OwnerID) {
        turns[group.lane, default: OwnerTurns()].served(owner)
    }

    /// Whether the group is down for some moment.
    func has(_ group: JobGroup) -> Bool { dueAt[group] != nil }

    /// Nothing can be done for a group that is down, and only jobs of `owners` are due in it until `othersDueAt`.
    mutating func noteClosed(_ group: JobGroup, to owners: Set<OwnerID>, until othersDueAt: Timestamp?) {
        closed[group] = Closed(owners: owners, othersDueAt: othersDueAt)
    }

    /// The owners whose jobs alone are known to be due, and until when; nobody where there may be others.
    func closed(_ group: JobGroup, at now: Timestamp) -> (owners: Set<OwnerID>, until: Timestamp?) {
        guard !closed.isEmpty, let known = closed[group], known.othersDueAt.map({ $0 > now }) ?? true else {
            return ([], nil)
        }
        return (known.owners, known.othersDueAt)
    }

    /// Whatever was closed may be open.
    mutating func forgetClosed() {
        closed = [:]
    }

    /// All groups that are down.
    var groups: some Sequence<JobGroup> { dueAt.keys }

    /// Places were set aside for `owners`, and nothing of theirs was due, though others' jobs were.
    mutating func noteIdle(_ group: JobGroup, _ owners: Set<OwnerID>, at uptime: Duration) {
        idle = idle.filter { $0.value.until > uptime }
        idle[group, default: Idle(owners: [], until: .zero)].owners.formUnion(owners)
        idle[group]?.until = uptime + Agenda.idleFor
    }

    /// The owners for whom nothing is set aside before others, and for how long; nobody as a rule.
    func idle(_ group: JobGroup, at uptime: Duration) -> (owners: Set<OwnerID>, left: Duration)? {
        guard !idle.isEmpty, let known = idle[group], known.until > uptime else { return nil }
        return (known.owners, known.until - uptime)
    }

    /// The groups that are due, interactive ones first; in a lane owners take turns over all its groups.
    func due(at now: Timestamp) -> [GroupState] {
        let due = dueAt.filter { $0.value <= now }
            .map { GroupState(group: $0.key, nextRunAt: $0.value, owners: owners[$0.key] ?? []) }
        return [Lane.interactive, .bulk].flatMap { lane in
            (turns[lane] ?? OwnerTurns()).order(due.filter { $0.group.lane == lane })
        }
    }

    /// Takes a group off, to be served; nil when it is not down any more, or not due.
    ///
    /// It comes back by ``note(_:of:dueAt:)``.
    mutating func take(_ group: JobGroup, at now: Timestamp) -> GroupState? {
        guard let moment = dueAt[group], moment <= now else { return nil }
        dueAt[group] = nil
        return GroupState(group: group, nextRunAt: moment, owners: owners.removeValue(forKey: group) ?? [])
    }

    /// The groups of a lane that are due, in no order.
    func due(_ lane: Lane, at now: Timestamp) -> some Sequence<GroupState> {
        dueAt.lazy.filter { $0.key.lane == lane && $0.value <= now }
            .map { GroupState(group: $0.key, nextRunAt: $0.value, owners: owners[$0.key] ?? []) }
    }

    func hasDue(_ lane: Lane, at now: Timestamp) -> Bool {
        dueAt.contains { $0.key.lane == lane && $0.value <= now }
    }

    /// True when some group is due.
    func hasDue(at now: Timestamp) -> Bool {
        dueAt.values.contains { $0 <= now }
    }

    /// When the first group that is not due at `now` will be; nil when there is none.
    func nextDue(after now: Timestamp) -> Timestamp? {
        let others = closed.values.lazy.compactMap(\.othersDueAt)
        return (Array(dueAt.values) + others).filter { $0 > now }.min()
    }
}
