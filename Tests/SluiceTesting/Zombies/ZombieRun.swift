package import SluiceStore
import SluiceTypes

/// Claims that are held, lost to another process life and then let go: they change nothing.
///
/// Each round has one zombie. Every way to let go meets every fate of the job; lots decide how often it was lost before,
/// and whether it had failed. The rounds share one store.
package struct ZombieRun: Sendable {
    /// What a run did.
    package struct Summary: Sendable {
        package var zombies = 0
        /// Of these, whose answer is on its attempt.
        package var answersKept = 0
    }

    private let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// Lets `count` zombies loose on a fresh store.
    ///
    /// - Throws: ``ConformanceFailure`` for the first that changes a job, or whose answer is lost.
    package func run(_ count: Int, on store: any Store) async throws -> Summary {
        var grave = Grave(Subject(store, retention: .standard), seed: seed)
        var summary = Summary()
        let ways = Move.Way.allCases
        for round in 0..<count {
            let way = ways[round % ways.count]
            let fate = Meanwhile.allCases[round / ways.count % Meanwhile.allCases.count]
            do {
                if try await grave.letLoose(way, when: fate, round: round) { summary.answersKept += 1 }
                if round % 50 == 0 { try await grave.world.compareEverything() }
            } catch var failure as ConformanceFailure {
                failure.message =
                    "seed \(seed), zombie \(round): the job \(fate), the zombie’s way \(way): \(failure.message)"
                throw failure
            }
            summary.zombies += 1
        }
        try await Invariants.check(grave.world.subject)
        return summary
    }
}

/// The world of a ``ZombieRun``.
private struct Grave {
    private(set) var world: ModelWorld
    private var random: SeededRandom
    private var boots = 0
    private var model = ""

    init(_ subject: Subject, seed: UInt64) {
        world = ModelWorld(subject, now: .at(0))
        random = SeededRandom(seed: seed)
    }

    /// True when the zombie's answer is on its attempt.
    mutating func letLoose(_ way: Move.Way, when fate: Meanwhile, round: Int) async throws -> Bool {
        model = "model \(round)"
        let id = try await submit(fate)
        let zombie = try await prepare(id)
        try await befall(id, fate)
        tick()
        let before = try await snapshot(id)
        let ending = Ending(way, at: world.now, by: "the zombie")
        if case .retryNow(let setback, let start) = ending {
            let next = try await world.retryNow(zombie, after: setback, start)
            try expect(next == nil, "a zombie has a claim again")
        } else {
            try expectEqual(try await world.settle(zombie, ending), .stale, "the settlement of a zombie")
        }
        let after = try await snapshot(id)
        return try compare(before, after, zombie, ending)
    }

    private mutating func tick() {
        world.now = world.now.adding(.milliseconds(Int.random(in: 1...5000, using: &random)))
    }

    private mutating func submit(_ fate: Meanwhile) async throws -> JobID {
        tick()
        let policy = fate == .wasDeadLettered ? OnUnknown.deadLetter : .retry
        var job = NewJob.sample(model: model, onUnknown: policy, dueAt: world.now)
        job.facts.id = .generate(at: world.now, using: &random)
        job.facts.createdAt = world.now
        try await world.submit(job)
        return job.id
    }

    /// A claim that will become a zombie; perhaps the job has been through something before.
    private mutating func prepare(_ id: JobID) async throws -> ClaimedJob {
        if random.chance(30) {
            let claim = try await claim()
            try await world.settle(claim, .release(world.now))
        }
        if random.chance(30) {
            let claim = try await claim()
            try await world.settle(claim, .defer(.sample(at: world.now, .rateLimit), until: world.now))
        }
        return try await claim()
    }

    private mutating func claim() async throws -> ClaimedJob {
        tick()
        boots += 1
        let group = JobGroup(lane: .interactive, operation: .chat, route: model)
        let boot = BootID(rawValue: "life \(boots)")
        guard let claim = try await world.claim(.sample(group, now: world.now, boot: boot)).first else {
            throw ConformanceFailure("the job can't be claimed", #fileID, #line)
        }
        return claim
    }

    /// Another life rescues the job and claims it; at times that life is lost too.
    private mutating func takeOver() async throws -> ClaimedJob {
        for _ in 0...Int.random(in: 0...2, using: &random) {
            tick()
            boots += 1
            try await world.rescue(boot: BootID(rawValue: "life \(boots)"))
            guard random.chance(40) else { break }
            _ = try await claim()
        }
        try await world.rescue(boot: BootID(rawValue: "life \(boots + 1)"))
        return try await claim()
    }

    private mutating func befall(_ id: JobID, _ fate: Meanwhile) async throws {
        switch fate {
        case .wasDeadLettered:
            tick()
            try await world.rescue(boot: BootID(rawValue: "another life"))
            return
        case .wasCancelledUnderIt, .wasCancelledUnderItAndHasNoBodies:
            tick()
            try await world.cancel(id)
            if fate == .wasCancelledUnderItAndHasNoBodies { try await world.deleteBodies(id) }
            return
        default: break
        }
        let other = try await takeOver()
        tick()
        switch fate {
        case .runs, .wasDeadLettered, .wasCancelledUnderIt, .wasCancelledUnderItAndHasNoBodies: break
        case .hasStepped:
            _ = try await world.retryNow(other, after: .sample(at: world.now), .sample("beta", at: world.now))
        case .hasSucceeded: try await settle(other, .succeed)
        case .hasFailedForGood: try await settle(other, .failForGood)
        case .waits: try await settle(other, .failAndWait)
        case .wasDeferred: try await settle(other, .defer)
        case .wasReleased: try await settle(other, .release)
        case .wasCancelled: try await world.cancel(id)
        case .wasRedriven, .runsAfterARedrive:
            try await settle(other, .failForGood)
            tick()
            try await world.redrive(id, model: nil)
            if fate == .runsAfterARedrive { _ = try await claim() }
        case .hasNoBodies:
            try await settle(other, .succeed)
            try await world.deleteBodies(id)
        case .wasPurged:
            try await settle(other, .succeed)
            world.now = world.now.adding(.seconds(100 * 86_400))
            try await world.purge()
        }
    }

    private mutating func settle(_ claim: ClaimedJob, _ way: Move.Way) async throws {
        try await world.settle(claim, Ending(way, at: world.now, by: "the other worker"))
    }

    private typealias Snapshot = (record: JobRecord?, attempts: [AttemptRecord]?)

    private func snapshot(_ id: JobID) async throws -> Snapshot {
        (try await world.subject.store.job(id, owner: nil), try await world.subject.store.attempts(id, owner: nil))
    }

    /// The job is the same to the last byte, and the zombie's attempt has what the zombie brought.
    private func compare(
        _ before: Snapshot,
        _ after: Snapshot,
        _ zombie: ClaimedJob,
        _ ending: Ending
    ) throws -> Bool {
        guard var record = before.record, var now = after.record, let old = before.attempts, let new = after.attempts
        else {
            try expect(before.record == nil && after.record == nil, "a zombie has brought a purged job back")
            try expect(after.attempts == nil, "a zombie has brought a purged job's attempts back")
            return false
        }
        // What is said of the attempts is looked at beside the attempts.
        (record.lastAttempt, now.lastAttempt) = (nil, nil)
        if case .release = ending {
            now.possiblyCharged = record.possiblyCharged
            now.attempts = record.attempts
        }
        let differences = now.differences(from: record)
        try expect(differences.isEmpty, "the job after its zombie: \(differences.joined(separator: "; "))")
        try expectEqual(new.count, old.count, "the number of attempts")
        for (new, old) in zip(new, old) where old.epoch != zombie.epoch {
            try expectEqual(new, old, "an attempt that is not the zombie’s")
        }
        let mine = new.first { $0.epoch == zombie.epoch }
        let was = old.first { $0.epoch == zombie.epoch }
        guard let report = ending.lateReport else {
            if case .release = ending { return false }
            try expectEqual(mine, was, "the attempt of a zombie that brings nothing")
            return false
        }
        let outcome: AttemptOutcome = was?.outcome == .cancelled ? .cancelled : .late
        try expectEqual(mine?.outcome, outcome, "the outcome of the zombie’s attempt")
        var told = report
        told.entry = LedgerRule.entry(was?.report?.entry, report.entry ?? .free)
        if record.input == nil { told.entry?.raw = [] }
        try expectEqual(mine?.report, told, "what the zombie brought")
        return true
    }
}

extension Ending {
    /// What is kept of a zombie; nil for one that gives its job back.
    fileprivate var lateReport: AttemptReport? {
        switch self {
        case .succeed(let success): success.report
        case .fail(let failure): failure.report
        case .retryNow(let setback, _): setback.report
        case .release, .defer: nil
        }
    }
}
