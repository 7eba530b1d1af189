import SluiceStore
import SluiceTypes

/// Which groups hold queued jobs, and when each is due: the store's ready index in a few words, kept in memory.
///
/// It is a hint. A group that is named here without need costs one claim that finds nothing; one that is missing is found
/// again at the next sweep.
struct Agenda {
    private var dueAt: [JobGroup: Timestamp] = [:]

    /// A job of `group` was queued, due at `runAt`.
    ///
    /// False when that was known: the group is down for that moment, or for an earlier one.
    @discardableResult
    mutating func note(_ group: JobGroup, dueAt runAt: Timestamp) -> Bool {
        if let known = dueAt[group], known <= runAt { return false }
        dueAt[group] = runAt
        return true
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
        dueAt.values.filter { $0 > now }.min()
    }
}
