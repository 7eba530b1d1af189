package import SluiceStore

/// Random operations on a store beside a small model of what must come of them.
///
/// What an operation touched is compared after it, and I1 to I10 with it; everything there is, after every hundredth. A
/// failure names the seed, and the same seed plays the same operations again.
package struct ModelRun: Sendable {
    /// What a run did.
    package struct Summary: Sendable {
        package var operations = 0
        package var crashes = 0
        package var jobs = 0
    }

    private let seed: UInt64
    private let operations: Int
    private let open: @Sendable (Retention) async throws -> any Store
    private let crash: @Sendable (any Store, Retention, _ random: UInt64) async throws -> any Store

    /// Short enough that purges happen on the way, and all different.
    private static let retention = Retention(
        succeeded: .seconds(3000),
        dead: .seconds(5000),
        cancelled: .seconds(1000),
        idempotencyKeys: .seconds(1500)
    )

    /// Makes a run on the store that `open` opens.
    ///
    /// `crash` is handed the store of a process that has died and opens what it left behind; `random` is drawn from the
    /// seed, for what a crash may leave to chance. Without it the store lives on, as one on another machine would.
    package init(
        seed: UInt64,
        operations: Int,
        crash: @escaping @Sendable (any Store, Retention, _ random: UInt64) async throws -> any Store = { store, _, _ in
            store
        },
        _ open: @escaping @Sendable (Retention) async throws -> any Store
    ) {
        self.seed = seed
        self.operations = operations
        self.crash = crash
        self.open = open
    }

    /// Plays all operations on a fresh store.
    ///
    /// - Throws: ``ConformanceFailure`` for the first difference; else what the store threw.
    @discardableResult
    package func run() async throws -> Summary {
        let subject = Subject(try await open(ModelRun.retention), retention: ModelRun.retention)
        var walk = ModelWalk(subject, seed: seed) { [crash] store, random in
            try await crash(store, ModelRun.retention, random.next())
        }
        try await walk.world.setBudgets()
        var summary = Summary()
        for number in 1...max(operations, 1) {
            let step = walk.chooseStep()
            summary.operations += 1
            if step == .crash { summary.crashes += 1 }
            if step == .submit || step == .submitRunning { summary.jobs += 1 }
            try await named("\(step), operation \(number)") {
                try await walk.take(step)
                if number % 100 == 0 { try await walk.world.compareEverything() }
                if number % 1000 == 0 { try await Invariants.checkStored(walk.world.subject) }
            }
        }
        try await named("the end") {
            try await walk.world.compareEverything()
            try await Invariants.check(walk.world.subject)
        }
        return summary
    }

    private func named(_ place: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch var failure as ConformanceFailure {
            failure.message = "seed \(seed), \(place): \(failure.message)"
            throw failure
        }
    }
}
