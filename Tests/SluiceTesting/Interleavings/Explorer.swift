package import SluiceStore
import SluiceTypes

/// Tries in what order the players of a scenario can come to the store.
///
/// Transitions are atomic, so what can happen is a merge of the players' moves; what a move brings decides what its player
/// does next. After each move ``ModelWorld`` compares all that was touched with the model, I1 to I10 included; after the
/// last, another process must be able to end every job.
package struct Explorer: Sendable {
    /// What an exploration did.
    package struct Summary: Sendable, CustomStringConvertible {
        package var orders = 0
        package var steps = 0
        /// The moves of the longest order.
        package var deepest = 0
        /// The moves of the order that is looked at.
        fileprivate var place = 0

        package var description: String { "\(orders) orders, \(steps) moves, at most \(deepest) in one" }
    }

    private let seed: UInt64

    /// `seed` makes the jobs' ids and, where orders are drawn, the lots.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// Tries every order, on stores in memory; the last is shared by all that begins alike, and none is left out.
    ///
    /// - Throws: ``ConformanceFailure`` with the shortest order that fails.
    package func tryEveryOrder(of scenario: Scenario, fault: MemoryStore.Fault? = nil) async throws -> Summary {
        var summary = Summary()
        var length = Int.max
        var failure: ConformanceFailure?
        while true {
            do {
                summary.place = 0
                let store = MemoryStore(fault: fault)
                let world = ModelWorld(Subject(store, retention: .standard), now: .at(0))
                try await world.setBudgets()
                var random = SeededRandom(seed: seed)
                let table = try await Table(scenario, world, run: 0, random: &random)
                try await follow(table, store, upTo: length, &summary)
            } catch let found as ConformanceFailure {
                failure = found
                // Perhaps another order fails with fewer moves.
                length = summary.place - 1
                if length > 0 { continue }
            }
            if let failure { throw failure }
            return summary
        }
    }

    private func follow(_ table: Table, _ store: MemoryStore, upTo length: Int, _ summary: inout Summary) async throws {
        let waiting = table.waiting
        if waiting.isEmpty {
            var table = table
            try await table.finish()
            summary.orders += 1
            return
        }
        guard table.order.count < length else { return }
        for number in waiting {
            // The last to choose may have the store itself.
            let isLast = number == waiting.last
            let branch = isLast ? store : store.copy()
            var next = isLast ? table : table.copy(on: branch)
            summary.steps += 1
            summary.place = table.order.count + 1
            summary.deepest = max(summary.deepest, summary.place)
            try await next.step(number)
            try await follow(next, branch, upTo: length, &summary)
        }
    }

    /// Draws `count` orders of all scenarios by lot, one after the other on the same store: jobs of one order know nothing
    /// of those before.
    ///
    /// - Throws: ``ConformanceFailure`` with the order that fails.
    package func drawOrders(_ count: Int, on store: any Store) async throws -> Summary {
        var random = SeededRandom(seed: seed)
        var world = ModelWorld(Subject(store, retention: .standard), now: .at(0))
        try await world.setBudgets()
        var summary = Summary()
        for run in 1...max(count, 1) {
            do {
                let table = try await draw(run, world, &random, &summary)
                world = table.world
                if run % 100 == 0 { try await world.compareEverything() }
            } catch var failure as ConformanceFailure {
                failure.message = "seed \(seed): \(failure.message)"
                throw failure
            }
        }
        try await Invariants.check(world.subject)
        return summary
    }

    private func draw(
        _ run: Int,
        _ world: ModelWorld,
        _ random: inout SeededRandom,
        _ summary: inout Summary
    ) async throws -> Table {
        var table = try await Table(Scenario.all[run % Scenario.all.count], world, run: run, random: &random)
        while let number = table.waiting.randomElement(using: &random) {
            try await table.step(number)
            summary.steps += 1
        }
        summary.deepest = max(summary.deepest, table.order.count)
        try await table.finish()
        summary.orders += 1
        return table
    }
}
