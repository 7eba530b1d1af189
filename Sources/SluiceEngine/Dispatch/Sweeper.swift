import Logging
import SluiceStore
import SluiceTypes

/// Looks after what no event announces: deadlines, what is kept long enough, groups and runs that were overlooked.
struct Sweeper: Sendable {
    /// Rows in one transaction: the writer is never held up for long.
    private static let slice = 500

    let store: any Store
    let switchboard: Switchboard
    let running: RunningJobs
    let feed: Feed
    let settings: EngineSettings
    let time: EngineTime
    let logger: Logger

    /// Sweeps until `bell` rings with `isStopping` true.
    func run(_ bell: Doorbell, until isStopping: @Sendable () -> Bool) async {
        while !isStopping(), !Task.isCancelled {
            do { try await sweep(until: isStopping) } catch {
                logger.error("the sweep failed; it is repeated", metadata: ["error": "\(error)"])
            }
            await bell.wait(until: time.uptime() + settings.sweepInterval, time)
        }
    }

    private func sweep(until isStopping: @Sendable () -> Bool) async throws(StoreError) {
        let groups = try await store.groups()
        for state in groups { switchboard.putBack(state.group, dueAt: state.nextRunAt) }
        let now = time.now()
        let held = switchboard.heldTooLong(of: groups.map(\.group))
        let heldSince = now.adding(.zero - settings.patience)
        while !isStopping() {
            let dead = try await store.expire(at: now, held: held, dueBefore: heldSince, limit: Sweeper.slice)
            for id in dead {
                logger.info("dead", metadata: ["job": "\(id)", "class": "expired"])
                feed.notify(id)
            }
            if dead.count < Sweeper.slice { break }
        }
        while !isStopping() {
            if try await store.purge(at: now, limit: Sweeper.slice) < Sweeper.slice { break }
        }
        // The dispatcher looks for them: it alone knows that no claim is under way.
        running.noteStrays()
        switchboard.doorbell.ring()
    }
}
