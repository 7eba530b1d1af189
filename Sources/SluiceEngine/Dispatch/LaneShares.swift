import SluiceTypes

/// Which lane a place is for where both wait for one: interactive jobs go first, and every tenth place is for the others, so that
/// they never stand still.
///
/// It counts by line: groups of one line wait for the same places.
struct LaneShares {
    /// One place in so many is for bulk jobs that wait.
    static let part = 10

    /// How many interactive jobs have begun in a line since a bulk job did.
    private var interactive: [Int: Int] = [:]

    /// How many of `count` places a group of `lane` may take, where jobs of the other lane wait in the same line, or do not.
    func allowed(_ lane: Lane, in line: Int, count: Int, othersWait: Bool) -> Int {
        guard othersWait else { return count }
        let left = LaneShares.part - 1 - (interactive[line] ?? 0)
        switch lane {
        case .interactive: return max(0, min(count, left))
        case .bulk: return left <= 0 ? min(count, 1) : 0
        }
    }

    /// Jobs of `lane` have begun, while jobs of the other one waited in the same line, or did not.
    mutating func noteBegun(_ lane: Lane, in line: Int, count: Int, othersWait: Bool) {
        guard count > 0 else { return }
        switch lane {
        case .interactive where othersWait: interactive[line, default: 0] += count
        case .interactive, .bulk: interactive[line] = nil
        }
    }
}
