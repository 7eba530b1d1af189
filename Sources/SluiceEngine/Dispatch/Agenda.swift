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

    private var dueAt: [JobGroup: Timestamp] = [:]
    private var closed: [JobGroup: Closed] = [:]

    /// A job of `group` was queued, due at `runAt`.
    ///
    /// False when that was known: the group is down for that moment, or for an earlier one.
    @discardableResult
    mutating func note(_ group: JobGroup, dueAt runAt: Timestamp) -> Bool {
        let wasClosed = !closed.isEmpty && closed.removeValue(forKey: group) != nil
        if let known = dueAt[group], known <= runAt { return wasClosed }
        dueAt[group] = runAt
        return true
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

    /// Takes the groups that are due, interactive ones first, then by time.
    ///
    /// They come back by ``note(_:dueAt:)``.
    mutating func takeDue(at now: Timestamp) -> [GroupState] {
        let due = dueAt.filter { $0.value <= now }
        for group in due.keys { dueAt[group] = nil }
        return due.map { GroupState(group: $0.key, nextRunAt: $0.value) }
            .sorted { left, right in
                left.group.lane == right.group.lane
                    ? left.nextRunAt < right.nextRunAt : left.group.lane == .interactive
            }
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
