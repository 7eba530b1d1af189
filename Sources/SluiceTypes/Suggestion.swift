/// Finds what somebody probably meant.
public enum Suggestion {
    /// The name among `names` that `given` most likely misspells; nil when none is near.
    ///
    /// Near means at most a third of the letters wrong, and never more than three: one letter too many, too few, wrong
    /// or swapped with its neighbour counts as one, letter case not at all. Texts over 64 bytes have no near name.
    public static func nearest(to given: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(given.lowercased().utf8)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for name in names where name != given {
            let other = Array(name.lowercased().utf8)
            let limit = min(3, max(1, max(wanted.count, other.count) / 3))
            guard abs(wanted.count - other.count) <= limit else { continue }
            let found = distance(wanted, other)
            guard found <= limit, found < best?.distance ?? .max else { continue }
            best = (name, found)
        }
        return best?.name
    }

    /// The optimal string alignment distance: Levenshtein's, with neighbours swapped as one step.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var least = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
