import SluiceStore
import SluiceTypes

/// A scenario on its way: the world, its players where they stand, and what they have done.
struct Table: Sendable {
    private let scenario: Scenario
    private(set) var world: ModelWorld
    private var players: [Player]
    private var ids: [JobID] = []
    /// Sets the models and keys apart from those of other orders on the same store.
    private let run: Int
    /// One line for each step.
    private(set) var order: [String] = []

    private static let lastLife = BootID(rawValue: "the last boot")

    /// Lays the table and makes the first moves, before the players begin.
    init(_ scenario: Scenario, _ world: ModelWorld, run: Int, random: inout SeededRandom) async throws {
        self.scenario = scenario
        self.world = world
        self.run = run
        players = scenario.players
        for _ in scenario.plans { ids.append(.generate(at: world.now, using: &random)) }
        var starter = Player("setup", scenario.setup)
        while let move = starter.next { try await make(move, by: &starter) }
    }

    /// The numbers of the players who have a move.
    var waiting: [Int] {
        players.indices.filter { players[$0].next != nil }
    }

    /// The same table once more, over a store that holds the same.
    func copy(on store: any Store) -> Table {
        var copy = self
        copy.world = world.copy(on: store)
        return copy
    }

    /// Lets a player make its next move.
    ///
    /// - Throws: ``ConformanceFailure`` that tells the order that led to it.
    mutating func step(_ number: Int) async throws {
        guard let move = players[number].next else { return }
        try await named { table in
            var player = table.players[number]
            try await table.make(move, by: &player)
            table.players[number] = player
        }
    }

    /// Lets a last process come to an end with every job: nothing may be stranded.
    mutating func finish() async throws {
        try await named { table in
            table.order.append("a last process comes and finishes everything")
            table.world.now = table.world.now.adding(.seconds(1000))
            try await table.world.rescue(boot: Table.lastLife)
            for _ in 0...table.ids.count {
                let rest = table.ids.compactMap { table.world.jobs[$0] }.filter { !$0.hasEnded }
                guard let next = rest.first else { return try await table.world.compareLedger() }
                try await table.finishGroup(next.record.group)
            }
            throw ConformanceFailure("I8: a job is stranded", #fileID, #line)
        }
    }

    private mutating func finishGroup(_ group: JobGroup) async throws {
        let rows = Array(repeating: "alpha", count: ids.count)
        let request = ClaimRequest.sample(group, now: world.now, boot: Table.lastLife, rows: rows)
        for claim in try await world.claim(request) {
            try await world.settle(claim, .succeed(.sample(at: world.now, text: "the last text")))
        }
    }

    private mutating func named(_ body: (inout Table) async throws -> Void) async throws {
        do {
            try await body(&self)
        } catch var failure as ConformanceFailure {
            let lines = order.enumerated().map { "\($0.offset + 1). \($0.element)" }
            failure.message = "\(failure.message)\nin “\(scenario.name)”, run \(run):\n\(lines.joined(separator: "\n"))"
            throw failure
        }
    }
}

extension Table {
    private var group: JobGroup { JobGroup(lane: .bulk, operation: .chat, route: "model \(run)") }

    private mutating func make(_ move: Move, by player: inout Player) async throws {
        world.now = world.now.adding(.seconds(1))
        order.append("\(player.name) \(move)")
        switch move {
        case .submit(let number): note(try await world.submit(job(number)))
        case .submitRunning(let number, let boot):
            let claim = try await world.submitRunning(job(number), row: "alpha", boot: boot)
            player.claims += [claim].compactMap(\.self)
        case .claim(let boot, let places):
            let rows = Array(repeating: "alpha", count: places)
            let claims = try await world.claim(.sample(group, now: world.now, boot: boot, rows: rows))
            note(claims.isEmpty ? "nothing" : claims.map { "epoch \($0.epoch)" }.joined(separator: ", "))
            player.claims += claims
        case .settle(let way): try await settle(way, &player)
        case .settleAgain:
            if let done = player.done {
                try await world.settleAgain(done.claim, done.ending, answered: done.answer)
            }
        case .rescue(let boot): note("\(try await world.rescue(boot: boot).count) jobs")
        case .rescueOwnOrphans(let boot): note("\(try await world.rescueOwnOrphans(boot: boot, known: []).count) jobs")
        case .cancel(let number): note(try await world.cancel(ids[number]))
        case .redrive(let number, let toOther):
            note(try await world.redrive(ids[number], model: toOther ? "other \(run)" : nil))
        case .deleteBodies(let number): note(try await world.deleteBodies(ids[number]))
        case .expire: try await world.expire(held: [], dueBefore: .at(0), limit: 100)
        case .forgetBodies:
            world.now = world.now.adding(.seconds(100))
            try await world.forgetBodies(limit: 100)
        case .purge:
            world.now = world.now.adding(.seconds(100 * 86_400))
            try await world.purge()
        }
        player.moveOn()
    }

    private mutating func note(_ answer: some Any) {
        order[order.count - 1] += ": \(answer)"
    }

    private func job(_ number: Int) -> NewJob {
        let plan = scenario.plans[number]
        var job = NewJob.sample(
            plan.owner,
            model: group.route,
            lane: group.lane,
            onUnknown: plan.onUnknown,
            dueAt: world.now,
            deadlineAt: plan.deadline.map { world.now.adding(.seconds($0)) },
            key: plan.hasKey ? "key \(run)" : nil,
            fingerprint: plan.fingerprint
        )
        job.facts.id = ids[number]
        job.facts.createdAt = world.now
        job.facts.terms.keepsBodies = plan.keepsBodies.map { .seconds($0) }
        if let previous = plan.continues.map({ ids[$0] }) {
            job.facts.ancestry =
                world.jobs[previous].map { Ancestry(continuing: $0.record) }
                ?? Ancestry(previous: previous, thread: previous, depth: 1)
        }
        return job
    }

    private mutating func settle(_ way: Move.Way, _ player: inout Player) async throws {
        let claim = player.claims.removeFirst()
        let ending = Ending(way, at: world.now, by: player.name)
        guard case .retryNow(let setback, let start) = ending else {
            let answer = try await world.settle(claim, ending)
            note(answer)
            player.done = (claim, ending, answer)
            return
        }
        let next = try await world.retryNow(claim, after: setback, start)
        note(next.map { "epoch \($0.epoch)" } ?? "no more")
        if let next { player.claims.insert(next, at: 0) }
    }
}

extension Ending {
    /// An ending that tells, in all that it brings, when and by whom it was made.
    init(_ way: Move.Way, at now: Timestamp, by name: String) {
        var failure = Failure.sample(at: now, .server, retryAt: nil)
        failure.report.upstreamID = "\(name) at \(now)"
        switch way {
        case .succeed: self = .succeed(.sample(at: now, text: "\(name) at \(now)"))
        case .failForGood: self = .fail(failure)
        case .failAndWait:
            failure.retryAt = now.adding(.seconds(2))
            self = .fail(failure)
        case .retryNow:
            self = .retryNow(Setback(report: failure.report, output: failure.output), .sample("beta", at: now))
        case .release: self = .release(now)
        case .defer: self = .defer(.sample(at: now, .rateLimit), until: now.adding(.seconds(2)))
        }
    }
}
