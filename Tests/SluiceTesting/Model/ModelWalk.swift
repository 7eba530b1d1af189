import SluiceStore
import SluiceTypes

/// Draws lots for the next operation on a ``ModelWorld``.
struct ModelWalk {
    /// What can happen; each as often as its weight.
    enum Step: String, CaseIterable {
        case submit
        case submitRunning
        case claim
        case settle
        case lose
        case cancel
        case crash
        case rescue
        case rescueOwnOrphans
        case redrive
        case expire
        case deleteBodies
        case purge
        case forgetBodies
        case workUpstream
        case realign
        case tick
        case jump

        var weight: Int {
            switch self {
            case .submit: 20
            case .submitRunning: 5
            case .claim: 18
            case .settle: 50
            case .cancel, .rescue, .redrive: 5
            case .crash, .rescueOwnOrphans: 3
            case .lose, .expire, .deleteBodies, .purge, .forgetBodies, .workUpstream, .realign: 2
            case .tick: 8
            case .jump: 1
            }
        }
    }

    /// A worker's claim; one that was settled is held on to at times, for the same settlement once more.
    struct Held {
        var claim: ClaimedJob
        var done: (ending: Ending, answer: Subject.Settled)?
    }

    static let models = ["gpt", "llama"]
    static let rows = ["alpha", "beta", "gamma"]

    /// The process dies, and what it had stored is opened again.
    typealias Crash = @Sendable (any Store, inout SeededRandom) async throws -> any Store

    var world: ModelWorld
    var random: SeededRandom
    var boot = BootID(rawValue: "boot 0")
    var held: [Held] = []
    private var boots = 0
    private let dies: Crash

    init(_ subject: Subject, seed: UInt64, dies: @escaping Crash) {
        world = ModelWorld(subject, now: .at(0))
        random = SeededRandom(seed: seed)
        self.dies = dies
    }

    mutating func chooseStep() -> Step {
        let sum = Step.allCases.reduce(0) { $0 + $1.weight }
        var place = Int.random(in: 0..<sum, using: &random)
        for step in Step.allCases {
            place -= step.weight
            if place < 0 { return step }
        }
        return .tick
    }

    mutating func take(_ step: Step) async throws {
        switch step {
        case .submit: try await world.submit(newJob())
        case .submitRunning: try await submitRunning()
        case .claim: try await claim()
        case .settle: try await settle()
        case .lose: lose()
        case .cancel: try await cancel()
        case .crash: try await crash()
        case .rescue: try await world.rescue(boot: boot, limit: Int.random(in: 1...6, using: &random))
        case .rescueOwnOrphans: try await rescueOwnOrphans()
        case .redrive: try await redrive()
        case .expire: try await expire()
        case .deleteBodies: try await deleteBodies()
        case .purge: try await world.purge(limit: random.chance(50) ? 3 : 100)
        case .forgetBodies: try await world.forgetBodies(limit: random.chance(50) ? 3 : 100)
        case .workUpstream: try await workUpstream()
        case .realign: try await world.realign()
        case .tick: world.now = later(40)
        case .jump:
            world.now = world.now.adding(.milliseconds(Int.random(in: -600_000...2_000_000, using: &random)))
        }
    }

    /// A moment at most so many seconds from now.
    mutating func later(_ seconds: Int) -> Timestamp {
        world.now.adding(.milliseconds(Int.random(in: 1...(seconds * 1000), using: &random)))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.randomElement(using: &random)
    }

    /// Any job, the newest ones more often; now and then one that is gone.
    mutating func pickJob() -> JobID? {
        if random.chance(2) { return pick(world.gone) }
        return random.chance(50) ? pick(Array(world.arrivals.suffix(20))) : pick(world.arrivals)
    }

    /// The process dies: what runs is an orphan from now on, and the few workers that come back are zombies.
    private mutating func crash() async throws {
        held.removeAll { _ in random.chance(40) }
        boots += 1
        boot = BootID(rawValue: "boot \(boots)")
        let store = try await dies(world.subject.store, &random)
        world = world.copy(on: store)
        try await world.compareEverything()
    }

    /// The answer to a claim gets lost: its job runs here, and nobody knows of it.
    private mutating func lose() {
        guard let place = held.indices.randomElement(using: &random) else { return }
        held.remove(at: place)
    }

    private mutating func rescueOwnOrphans() async throws {
        let known = held.map(\.claim).filter(world.isCurrent).map(\.id)
        let limit = Int.random(in: 1...6, using: &random)
        try await world.rescueOwnOrphans(boot: boot, known: Set(known), limit: limit)
    }
}
