import SluiceStore
import SluiceTypes

/// The state of a ``ModelRun``: the model's world, and how the next operation is chosen.
struct ModelWalk {
    /// What can happen; each as often as its weight.
    enum Step: String, CaseIterable {
        case submit
        case submitRunning
        case claim
        case settle
        case cancel
        case crash
        case rescue
        case redrive
        case expire
        case deleteBodies
        case purge
        case tick
        case jump

        var weight: Int {
            switch self {
            case .submit: 20
            case .submitRunning: 5
            case .claim: 18
            case .settle: 50
            case .cancel, .rescue, .redrive: 5
            case .crash: 3
            case .expire, .deleteBodies, .purge: 2
            case .tick: 8
            case .jump: 1
            }
        }
    }

    /// How a worker ends its claim.
    enum Ending {
        case succeed(Success)
        case fail(Failure)
        case retryNow(Failure, AttemptStart)
        case release(Timestamp)
        case `defer`(AttemptReport, until: Timestamp)
    }

    /// A worker's claim; one that was settled is held on to at times, for the same settlement once more.
    struct Held {
        var claim: ClaimedJob
        var done: (ending: Ending, answer: Subject.Settled)?
    }

    struct KeyName: Hashable {
        var owner: OwnerID
        var key: String
    }

    struct KnownKey {
        var fingerprint: UInt8
        var job: JobID
        var expiresAt: Timestamp
    }

    static let owners = ["ada", "bob", "cyd"].map(OwnerID.init)
    static let models = ["gpt", "llama"]
    static let rows = ["alpha", "beta", "gamma"]

    let subject: Subject
    var random: SeededRandom
    var now = Timestamp.at(0)
    var boot = BootID(rawValue: "boot 0")
    var boots = 0
    var jobs: [JobID: ModelJob] = [:]
    /// In the order of their arrival; purged ones stay.
    var arrivals: [JobID] = []
    var held: [Held] = []
    var keys: [KeyName: KnownKey] = [:]
    /// Keys past their time: whether they still work before a purge is the store's choice, so they are not tried.
    var retired: Set<KeyName> = []

    init(_ subject: Subject, seed: UInt64) {
        self.subject = subject
        random = SeededRandom(seed: seed)
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
        case .submit: try await submit()
        case .submitRunning: try await submitRunning()
        case .claim: try await claim()
        case .settle: try await settle()
        case .cancel: try await cancel()
        case .crash: crash()
        case .rescue: try await rescue()
        case .redrive: try await redrive()
        case .expire: try await expire()
        case .deleteBodies: try await deleteBodies()
        case .purge: try await purge()
        case .tick: now = later(40)
        case .jump: now = now.adding(.milliseconds(Int.random(in: -600_000...2_000_000, using: &random)))
        }
    }

    /// A moment at most so many seconds from now.
    mutating func later(_ seconds: Int) -> Timestamp {
        now.adding(.milliseconds(Int.random(in: 1...(seconds * 1000), using: &random)))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.randomElement(using: &random)
    }

    /// Any job, the newest ones more often.
    mutating func pickJob() -> JobID? {
        let living = arrivals.filter { jobs[$0] != nil }
        return pick(random.chance(50) ? Array(living.suffix(20)) : living)
    }

    /// The process dies: what runs is an orphan from now on, and the few workers that come back are zombies.
    private mutating func crash() {
        held.removeAll { _ in random.chance(40) }
        boots += 1
        boot = BootID(rawValue: "boot \(boots)")
    }
}

// MARK: Comparing

extension ModelWalk {
    /// Compares one job with the model, as an operator, its owner and a stranger see it.
    mutating func compare(_ id: JobID) async throws {
        guard var job = jobs[id] else {
            try expect(try await subject.store.job(id, owner: nil) == nil, "job \(id) is found, and should be gone")
            return
        }
        job.adopt(try await subject.record(id))
        jobs[id] = job
        try await subject.expectRecord(job.record) { _ in }
        try await subject.expectAttempts(id, job.attempts)
        for owner in ModelWalk.owners {
            let isSeen = try await subject.store.job(id, owner: owner) != nil
            let maySee = owner == job.record.owner && job.hasBodies
            try expectEqual(isSeen, maySee, "whether \(owner) sees job \(id) of \(job.record.owner)")
        }
    }

    /// Compares all jobs, the lists, the groups and the counts.
    mutating func compareEverything() async throws {
        for id in arrivals { try await compare(id) }
        let records = jobs.values.map(\.record)
        for owner in ModelWalk.owners + [nil] {
            let seen = records.filter { owner == nil || $0.owner == owner && $0.input != nil }
            let listed = try await subject.everyJob(owner: owner, page: 17)
            try expectEqual(Set(listed.map(\.id)), Set(seen.map(\.id)), "the jobs \(owner as Any) lists")
        }
        let counts = Dictionary(grouping: records, by: \.state).mapValues(\.count)
        let stored = try await subject.store.counts().filter { $0.value != 0 }
        try expectEqual(stored, counts, "the counts")
        let queued = Dictionary(grouping: records.filter { $0.state == .queued }, by: \.group)
        let groups = queued.mapValues { $0.map(\.runAt).min() }
        let found = try await subject.store.groups().map { ($0.group, Optional($0.nextRunAt)) }
        try expectEqual(Dictionary(found) { first, _ in first }, groups, "the groups")
        let broken = subject.promises.broken
        try expect(broken.isEmpty, broken.joined(separator: "\n"))
    }
}
