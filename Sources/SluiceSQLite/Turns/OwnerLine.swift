import HeapModule
import SluiceStore
import SluiceTypes

/// The owners who have queued jobs in one group, and whose turn it is.
///
/// Those who have something due stand in a line: whoever comes goes to its end, and whoever was served goes to its end again. So
/// nobody is served twice while somebody else waits. The others are kept by the moment from which they will have something due.
///
/// What is known is a hint, and never too late: a job may have been called off since, and the one behind it is due later. Whoever
/// relies on it looks into the store, and corrects it here.
struct OwnerLine: Sendable {
    private enum Standing: Sendable {
        /// At this place of the line.
        case inLine(Int)
        /// Nothing is due before that moment.
        case away(until: Timestamp)
    }

    /// An owner who is away.
    private struct Return: Comparable, Sendable {
        var at: Timestamp
        var owner: OwnerID

        static func < (left: Return, right: Return) -> Bool { (left.at, left.owner) < (right.at, right.owner) }
    }

    private var standings: [OwnerID: Standing] = [:]
    /// From whose turn it is; the places of those who left stay empty for a while.
    private var line: [OwnerID?] = []
    private var emptyPlaces = 0
    /// Those of owners who have come back, or come back earlier, stay among them for a while.
    private var returns = Heap<Return>()

    var isEmpty: Bool { standings.isEmpty }

    func has(_ owner: OwnerID) -> Bool { standings[owner] != nil }

    /// A job of the owner is queued, due at `moment`.
    ///
    /// He comes to the line by ``advance(to:)``.
    mutating func note(_ owner: OwnerID, dueAt moment: Timestamp) {
        switch standings[owner] {
        case .inLine: return
        case .away(let until) where until <= moment: return
        case .away, nil: stayAway(owner, until: moment)
        }
    }

    /// Lets those come to the line who have something due at `now`, whoever has had it for longest first.
    mutating func advance(to now: Timestamp) {
        if emptyPlaces > line.count / 2 { closeRanks() }
        while let next = returns.min, next.at <= now {
            returns.removeMin()
            if isTrue(next) { append(next.owner) }
        }
    }

    /// The owner at that place, or behind it; the place is the one behind that owner then.
    ///
    /// It holds until the next ``advance(to:)``.
    func next(from place: inout Int) -> OwnerID? {
        while place < line.count {
            place += 1
            if let owner = line[place - 1] { return owner }
        }
        return nil
    }

    /// The owner was served: all others go before him.
    mutating func stepBehind(_ owner: OwnerID) {
        leave(owner)
        append(owner)
    }

    /// The owner has nothing due before `moment`.
    mutating func sendAway(_ owner: OwnerID, until moment: Timestamp) {
        leave(owner)
        stayAway(owner, until: moment)
    }

    /// The owner has nothing queued.
    mutating func leave(_ owner: OwnerID) {
        guard case .inLine(let place)? = standings.removeValue(forKey: owner) else { return }
        line[place] = nil
        emptyPlaces += 1
    }

    /// Who of those who are away, and are not `passedOver`, is the first to have something due.
    mutating func firstAway(besides passedOver: (OwnerID) -> Bool) -> OwnerID? {
        while let next = returns.min {
            guard isTrue(next) else {
                returns.removeMin()
                continue
            }
            guard passedOver(next.owner) else { return next.owner }
            // Behind somebody who does not count: rare enough to look at them all.
            var first: Return?
            for other in returns.unordered where !passedOver(other.owner) && isTrue(other) {
                first = min(first ?? other, other)
            }
            return first?.owner
        }
        return nil
    }

    private mutating func append(_ owner: OwnerID) {
        standings[owner] = .inLine(line.count)
        line.append(owner)
    }

    private mutating func stayAway(_ owner: OwnerID, until moment: Timestamp) {
        standings[owner] = .away(until: moment)
        returns.insert(Return(at: moment, owner: owner))
        if returns.count > 2 * standings.count + 64 { returns = Heap(returns.unordered.filter { isTrue($0) }) }
    }

    private func isTrue(_ return: Return) -> Bool {
        guard case .away(let until)? = standings[`return`.owner] else { return false }
        return until == `return`.at
    }

    private mutating func closeRanks() {
        line.removeAll { $0 == nil }
        emptyPlaces = 0
        for (place, owner) in line.enumerated() { if let owner { standings[owner] = .inLine(place) } }
    }
}
