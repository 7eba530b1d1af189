import Logging
import SluiceStore
import SluiceTypes

/// Looks after what no event announces: deadlines, clocks, what is kept long enough, groups and runs that were overlooked.
struct Sweeper: Sendable {
    /// Rows in one transaction: the writer is never held up for long.
    private static let slice = 500

    let store: any Store
    let switchboard: Switchboard
    let running: RunningJobs
    let feed: Feed
    let keeper: RetentionSweep
    let deleter: UpstreamDeleter
    let clock: TrustedClock
    let settings: EngineSettings
    let time: EngineTime
    let logger: Logger

    /// Sweeps until the engine stops.
    func run(until phase: PhaseGate) async {
        var memory = RetentionSweep.Memory()
        // Jobs of an earlier life may have been stored by a clock that was ahead.
        var mayBeMisplaced = true
        defer { deleter.stop() }
        while !phase.isStopping, !Task.isCancelled {
            var next = time.uptime() + settings.sweepInterval
            deleter.look()
            do {
                mayBeMisplaced = clock.hasGoneBack() || mayBeMisplaced
                try await keeper.resume(&memory)
                if mayBeMisplaced, !clock.isInDoubt() {
                    try await realign(until: phase)
                    mayBeMisplaced = false
                }
                if let end = try await sweep(until: phase) { next = min(next, end) }
                guard try await keeper.work(&memory, until: next, phase) else { continue }
            } catch {
                logger.error("the sweep failed; it is repeated", metadata: ["error": "\(error)"])
            }
            await phase.wait(for: .stopping, until: (next, time))
        }
    }

    /// Makes due what waits only because the clock went back.
    private func realign(until phase: PhaseGate) async throws(StoreError) {
        var count = 0
        while !phase.isStopping {
            let moved = try await store.realign(at: time.now(), limit: Sweeper.slice)
            guard moved > 0 else { break }
            count += moved
        }
        guard count > 0 else { return }
        logger.warning(
            "the clock went back, and jobs that were due by it are due again",
            metadata: ["jobs": "\(count)"]
        )
    }

    /// Returns the uptime at which the next group will have been held too long.
    private func sweep(until phase: PhaseGate) async throws(StoreError) -> Duration? {
        let groups = try await store.groups()
        for state in groups { switchboard.putBack(state.group, of: state.owners, dueAt: state.nextRunAt) }
        let now = clock.forDeadlines()
        let held = switchboard.heldTooLong(of: groups.map(\.group))
        let heldSince = now.adding(.zero - settings.patience)
        while !phase.isStopping {
            let dead = try await store.expire(at: now, held: held.groups, dueBefore: heldSince, limit: Sweeper.slice)
            for id in dead {
                logger.info("dead", metadata: ["job": "\(id)", "reason": "its time is over"])
                feed.notify(id)
            }
            if dead.count < Sweeper.slice { break }
        }
        // The dispatcher looks for them: it alone knows that no claim is under way.
        running.noteOrphans()
        switchboard.doorbell.ring()
        return held.next
    }
}
