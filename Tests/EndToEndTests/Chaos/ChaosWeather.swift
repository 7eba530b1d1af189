import SluiceTesting

/// The moods of one row's provider, one after the other: all of them follow from the seed.
///
/// Times are counted from the beginning of the run.
struct ChaosWeather: Sendable {
    /// A mood, from a moment on.
    struct Spell: Sendable, Hashable {
        var from: Duration
        var mood: ChaosMood
    }

    /// In order; the last one lasts for ever, and the provider is well in it.
    let spells: [Spell]

    /// So long before it goes away a provider begins no answer any more, so that none is lost that it counts as given.
    static let notice = Duration.milliseconds(50)

    init(_ spells: [Spell]) {
        self.spells = spells
    }

    /// The moods of `row`, until about `end`; then it is well.
    init(seed: UInt64, row: ChaosRow, until end: Duration) {
        guard row != .calm else {
            self.init([])
            return
        }
        var dice = SeededRandom(seed: seed ^ (UInt64(row.rawValue.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }) << 7))
        var spells = [Spell(from: .zero, mood: .well)]
        var now = Duration.seconds(2)
        if row == .beta {
            // In every run the row that serves a model alone is away, and then fails for so long that it is probed meanwhile; between
            // its last answer and its first failure there is time enough to be sure which was first.
            spells += [Spell(from: now, mood: .away), Spell(from: now + .seconds(4), mood: .failing(500))]
            now += .seconds(14)
        }
        var bag: [ChaosMood] = []
        while now < end {
            if bag.isEmpty { bag = ChaosMood.bag.shuffled(using: &dice) }
            let mood = bag.removeLast()
            spells.append(Spell(from: now, mood: mood))
            let milliseconds =
                if case .failing = mood { 2000...12_000 } else { mood.isWell ? 1500...4000 : 1000...3000 }
            now += .milliseconds(Int.random(in: milliseconds, using: &dice))
        }
        self.init(spells + [Spell(from: now, mood: .well)])
    }

    /// When the moods are over.
    var end: Duration { spells.last?.from ?? .zero }

    func mood(at moment: Duration) -> ChaosMood {
        spells.last { $0.from <= moment }?.mood ?? .well
    }

    /// Whether some call of the time from `start` to `end` may have met a provider that was not well.
    func isUnwell(from start: Duration, to end: Duration) -> Bool {
        let ends = spells.dropFirst().map(\.from) + [.seconds(1_000_000)]
        return zip(spells, ends).contains { !$0.mood.isWell && $0.from - ChaosWeather.notice <= end && $1 >= start }
    }

    /// Whether the provider closed its connections between two moments, or about then: a request may have been on its way that
    /// it never read.
    func left(from start: Duration, to end: Duration) -> Bool {
        spells.contains { $0.mood == .away && $0.from + .seconds(1) >= start && $0.from - .seconds(1) <= end }
    }

    /// When the provider goes, and when it comes back.
    var absences: [Range<Duration>] {
        zip(spells, spells.dropFirst()).filter { $0.0.mood == .away }.map { $0.from..<$1.from }
    }
}
