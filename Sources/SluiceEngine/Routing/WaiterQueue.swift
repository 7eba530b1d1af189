import HeapModule
import SluiceTypes

/// The calls that wait for a permit: a plain value that decides and does nothing.
///
/// Who waits for a place stands in the line of its pool, in the order in which calls came. Who has to wait for something
/// else, a model's window or a place of its own owner, stands apart, so that nobody behind it is held up and nobody looks at
/// it in vain. So a place that is given back costs the same however many wait.
struct WaiterQueue {
    /// Why a call waits on.
    enum Delay: Hashable, Sendable {
        /// There is no place at the members of its pool.
        case pool
        /// There is no place at all.
        case all
        /// Its owner has no place left.
        case owner(OwnerID)
        /// Its model is shut, for all or for its owner alone: for so long, or nil for as long as a call lasts that finds out.
        case model(opensIn: Duration?, OwnerID?)
    }

    /// What becomes of a call.
    enum Outcome: Sendable {
        case answered(PermitAnswer)
        case waits(Delay)
    }

    private enum Name: Hashable {
        case pool(Int)
        case owner(OwnerID)
        case model(RouteKey, OwnerID?)
    }

    private struct Entry: Comparable {
        let waiter: PermitWaiter

        static func < (left: Entry, right: Entry) -> Bool { left.waiter.number < right.waiter.number }
        static func == (left: Entry, right: Entry) -> Bool { left.waiter === right.waiter }
    }

    private struct Line {
        var waiters = Heap<Entry>()
        /// Before this moment nobody in it need be asked.
        var opensAt = Duration.zero
    }

    private var lines: [Name: Line] = [:]
    private var arrivals = 0
    private var gone = 0
    /// How many wait.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// How many wait for the row of that number, or for another with it.
    func count(of row: Int) -> Int {
        lines.values.reduce(0) { sum, line in
            sum
                + line.waiters.unordered.count { entry in
                    entry.waiter.isWaiting && entry.waiter.pool.choices.contains { $0.member.loaded.number == row }
                }
        }
    }

    /// Takes a call in that waits for what `delay` says.
    mutating func add(_ wish: Wish, _ pool: Pool, _ delay: Delay, at uptime: Duration) -> PermitWaiter {
        arrivals += 1
        count += 1
        let waiter = PermitWaiter(wish, pool, number: arrivals)
        insert(waiter, delay, at: uptime)
        return waiter
    }

    /// Takes a waiter out; false when it has been answered.
    mutating func remove(_ waiter: PermitWaiter) -> Bool {
        guard waiter.leave() else { return false }
        count -= 1
        gone += 1
        // It stays where it is until its turn comes, unless most do.
        if gone > 64, gone > count { sweep() }
        return true
    }

    /// Something that was shut for a model may have opened before its time.
    mutating func noteOpened() {
        for name in Array(lines.keys) {
            if case .model = name { lines[name]?.opensAt = .zero }
        }
    }

    /// A place of an owner is free again.
    mutating func noteFree(_ owner: OwnerID) {
        guard let place = lines.index(forKey: .owner(owner)) else { return }
        lines.values[place].opensAt = .zero
    }

    /// Answers whom `answer` has an answer for, in the order in which they came, and takes them out.
    ///
    /// In one breath: who is not in the queue any more finds its answer, or a permit would be lost.
    mutating func serve(at uptime: Duration, _ answer: (Wish) -> Outcome) {
        var stopped: Set<Name> = []
        while let (name, waiter) = first(at: uptime, besides: stopped) {
            switch answer(waiter.wish) {
            case .answered(let answer):
                pop(name)
                count -= 1
                waiter.give(answer)
            case .waits(.all): return
            case .waits(.pool): stopped.insert(name)
            case .waits(let delay):
                pop(name)
                insert(waiter, delay, at: uptime)
                if lines[name] != nil, name == self.name(of: waiter, delay) { stopped.insert(name) }
            }
        }
    }

    /// The line whose first waiter came first, of those that may be served.
    private mutating func first(at uptime: Duration, besides stopped: Set<Name>) -> (Name, PermitWaiter)? {
        var found: (name: Name, waiter: PermitWaiter)?
        for (name, line) in lines where line.opensAt <= uptime && !stopped.contains(name) {
            guard let waiter = head(of: name) else { continue }
            if let found, found.waiter.number < waiter.number { continue }
            found = (name, waiter)
        }
        return found
    }

    /// A line's first waiter that is still there.
    private mutating func head(of name: Name) -> PermitWaiter? {
        while let waiter = lines[name]?.waiters.min?.waiter {
            if waiter.isWaiting { return waiter }
            gone -= 1
            pop(name)
        }
        return nil
    }

    private mutating func pop(_ name: Name) {
        _ = lines[name]?.waiters.popMin()
        if lines[name]?.waiters.isEmpty == true { lines[name] = nil }
    }

    private mutating func insert(_ waiter: PermitWaiter, _ delay: Delay, at uptime: Duration) {
        let name = name(of: waiter, delay)
        lines[name, default: Line()].waiters.insert(Entry(waiter: waiter))
        switch delay {
        case .pool, .all: break
        case .owner: lines[name]?.opensAt = .seconds(Int64.max / 2)
        case .model(let opensIn, _): lines[name]?.opensAt = opensIn.map { uptime + $0 } ?? .seconds(Int64.max / 2)
        }
    }

    private func name(of waiter: PermitWaiter, _ delay: Delay) -> Name {
        switch delay {
        case .pool, .all: .pool(waiter.pool.line)
        case .owner(let owner): .owner(owner)
        case .model(_, let owner): .model(waiter.wish.key, owner)
        }
    }

    /// Forgets who has gone.
    private mutating func sweep() {
        for name in Array(lines.keys) {
            let rest = (lines[name]?.waiters.unordered ?? []).filter(\.waiter.isWaiting)
            lines[name]?.waiters = Heap(rest)
            if rest.isEmpty { lines[name] = nil }
        }
        gone = 0
    }
}
