import SluiceStore
import SluiceTypes

/// Whose turn it is: the owner who was served longest ago, or never.
struct OwnerTurns {
    private var clock = 0
    private var last: [OwnerID: Int] = [:]
    /// How many owners are remembered; who is forgotten counts as never served.
    private static let most = 10_000

    /// A job of the owner has begun.
    mutating func served(_ owner: OwnerID) {
        clock += 1
        if last.count >= OwnerTurns.most, last[owner] == nil {
            let middle = clock - OwnerTurns.most / 2
            last = last.filter { $0.value > middle }
        }
        last[owner] = clock
    }

    /// `groups` in the order in which they are to be served: in each round one of each owner, the owners by their turns, and one
    /// owner's groups by their moments.
    func order(_ groups: [GroupState]) -> [GroupState] {
        guard groups.count > 1 else { return groups }
        var ofOwner: [OwnerID: [Int]] = [:]
        let sorted = groups.sorted { $0.nextRunAt < $1.nextRunAt }
        guard Promise.ownersTakeTurns.holds else { return sorted }
        for (place, group) in sorted.enumerated() {
            // Whose jobs are in it nobody has told yet.
            for owner in group.owners.isEmpty ? [OwnerTurns.nobody] : group.owners {
                ofOwner[owner, default: []].append(place)
            }
        }
        let owners = ofOwner.keys.sorted { left, right in
            let (first, second) = (last[left] ?? 0, last[right] ?? 0)
            return first == second
                ? (ofOwner[left]?.first ?? 0, left.rawValue) < (ofOwner[right]?.first ?? 0, right.rawValue)
                : first < second
        }
        var order: [Int] = []
        var taken = Set<Int>()
        var next = [Int](repeating: 0, count: owners.count)
        while order.count < sorted.count {
            for (number, owner) in owners.enumerated() {
                let places = ofOwner[owner] ?? []
                while next[number] < places.count, taken.contains(places[next[number]]) { next[number] += 1 }
                guard next[number] < places.count else { continue }
                taken.insert(places[next[number]])
                order.append(places[next[number]])
            }
        }
        return order.map { sorted[$0] }
    }

    private static let nobody = OwnerID(rawValue: "")
}
