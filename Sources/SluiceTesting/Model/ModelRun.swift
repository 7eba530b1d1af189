package import SluiceStore

/// Random operations on a store beside a small model of what must come of them.
///
/// The model is written from `docs/jobs.md` and knows nothing of any store. Where the contract leaves a choice, the model
/// takes over what the store chose, once it is one of the permitted. A failure names the seed, and the same seed plays
/// the same operations again.
package struct ModelRun: Sendable {
    private let seed: UInt64
    private let operations: Int
    private let open: @Sendable (Retention) async throws -> any Store

    /// Short enough that purges happen on the way, and all different.
    private static let retention = Retention(
        succeeded: .seconds(3000),
        dead: .seconds(5000),
        cancelled: .seconds(1000),
        idempotencyKeys: .seconds(1500)
    )

    package init(
        seed: UInt64,
        operations: Int,
        _ open: @escaping @Sendable (Retention) async throws -> any Store
    ) {
        self.seed = seed
        self.operations = operations
        self.open = open
    }

    /// Plays all operations on a fresh store, comparing what each touched, and from time to time everything.
    ///
    /// - Throws: ``ConformanceFailure`` for the first difference; else what the store threw.
    package func run() async throws {
        let subject = Subject(try await open(ModelRun.retention), retention: ModelRun.retention)
        var walk = ModelWalk(subject, seed: seed)
        for number in 1...operations {
            let step = walk.chooseStep()
            try await named("\(step), operation \(number)") {
                try await walk.take(step)
                if number % 100 == 0 { try await walk.compareEverything() }
            }
        }
        try await named("the end") {
            try await walk.compareEverything()
            try await Invariants.check(subject)
        }
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
