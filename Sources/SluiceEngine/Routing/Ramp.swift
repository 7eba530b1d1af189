import SluiceTypes

/// How many of the queue's jobs may be under way at one model of a row: a plain value that decides and does nothing.
///
/// Neither the end of a window nor the end of an outage lets a whole backlog out at once. Each owner has a pace of its own
/// beside that of all: what is said of one owner's calls slows that owner down, and only what two of them meet slows all. And
/// who holds half of the places leaves half as many again to the others, however long its calls hang.
struct Ramp: Sendable {
    private struct Part: Sendable {
        var pace = Pace()
        var running = 0
    }

    private var pace = Pace()
    private(set) var running = 0
    /// Of owners who have something under way, or have another pace than a new one.
    private var parts: [OwnerID: Part] = [:]
    /// Whose call the provider complained of last, unless another's was answered since.
    private var complainer: OwnerID?

    /// How many may be under way.
    var limit: Int { pace.limit }

    var isIdle: Bool { running == 0 && pace == Pace() && parts.isEmpty }

    /// The owners whose jobs get a number of places of their own.
    var named: [OwnerID] {
        parts.filter { _, part in
            part.running * 2 >= pace.limit || part.pace.limit < Pace.beginning || part.running >= part.pace.limit
        }.map(\.key)
    }

    /// How many more jobs of `owner` may begin; nil stands for whoever is not named.
    func room(for owner: OwnerID?) -> Int {
        let free = pace.limit - running
        guard let owner else {
            let isHeld = parts.values.contains { $0.running * 2 >= pace.limit }
            let half = max(1, pace.limit / 2)
            return max(0, free, isHeld ? min(half, pace.limit + half - running) : 0)
        }
        let part = parts[owner] ?? Part()
        return max(0, min(free, part.pace.limit - part.running))
    }

    /// So many jobs begin, or as many as are set aside for them; whose they are is told by ``begin(_:)``.
    mutating func take(_ count: Int) {
        running += count
    }

    mutating func giveBack(_ count: Int) {
        // What is known of a model may have been forgotten meanwhile.
        running = max(0, running - count)
    }

    /// A job of `owner` has begun.
    mutating func begin(_ owner: OwnerID) {
        parts[owner, default: Part()].running += 1
    }

    /// A job of `owner` is over.
    mutating func end(_ owner: OwnerID) {
        guard var part = parts[owner] else { return }
        part.running = max(0, part.running - 1)
        // A faster pace than a new one's is forgotten with the last job: it would let a backlog out at once later.
        parts[owner] = part.running == 0 && part.pace.limit >= Pace.beginning ? nil : part
    }

    /// A job of `owner` was answered.
    mutating func noteAnswer(of owner: OwnerID) {
        pace.noteAnswer(running: running)
        if var part = parts[owner] {
            part.pace.noteAnswer(running: part.running)
            parts[owner] = part
        }
        if complainer != owner { complainer = nil }
    }

    /// The provider complained of a call of `owner`.
    mutating func halve(for owner: OwnerID) {
        parts[owner, default: Part()].pace.halve()
        if let complainer, complainer != owner { pace.halve() }
        complainer = owner
    }

    /// A window or an outage has ended for whom it was.
    mutating func beginAnew(for affected: Affected) {
        switch affected {
        case .owner(let owner): parts[owner]?.pace.beginAnew()
        case .all:
            pace.beginAnew()
            for owner in parts.keys { parts[owner]?.pace.beginAnew() }
        }
    }
}
