import Logging
import SluiceStore
import SluiceTypes
import Synchronization

/// Clears what deleted owners have left: what waits or runs is cancelled, and what was asked and answered goes.
///
/// It goes on after a restart, since the store knows whose jobs are not cleared.
final class OwnerClearer: Sendable {
    /// So many jobs are read at once.
    private static let page = 256
    /// A request that was let in before the deletion may still become a job for so long.
    private static let grace = Duration.seconds(10)
    /// How long it waits before it looks again for what came late, or after a failure.
    private static let pause = Duration.seconds(5)

    private let store: any Store
    private let time: EngineTime
    private let logger: Logger
    private let bell = Doorbell()

    init(store: any Store, time: EngineTime, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// An owner was deleted, or the engine stops.
    func look() { bell.ring() }

    /// Clears until the engine stops.
    func run(until phase: PhaseGate, by jobs: any JobControl) async {
        while !phase.isStopping, !Task.isCancelled {
            var isDone = false
            do throws(StoreError) { isDone = try await clear(until: phase, by: jobs) } catch {
                logger.error("deleted owners' jobs were not cleared; it is repeated", metadata: ["error": "\(error)"])
            }
            guard !phase.isStopping else { return }
            if isDone { await bell.wait() } else { await bell.wait(until: time.uptime() + Self.pause, time) }
        }
    }

    /// True when nothing is left.
    private func clear(until phase: PhaseGate, by jobs: any JobControl) async throws(StoreError) -> Bool {
        let owners = try await store.ownersToClear()
        var isDone = true
        for owner in owners {
            guard !phase.isStopping else { return false }
            let deletedAt = try await store.owner(owner)?.deletedAt
            let wasLate = deletedAt.map { time.now().since($0) < Self.grace } ?? false
            try await cancel(owner, by: jobs)
            let isEmpty = try await takeBodies(owner, by: jobs)
            if isEmpty, !wasLate {
                try await store.noteCleared(owner, at: time.now())
                logger.info("a deleted owner's jobs are cleared", metadata: ["owner": "\(owner)"])
            } else {
                isDone = false
            }
        }
        return isDone
    }

    private func cancel(_ owner: OwnerID, by jobs: any JobControl) async throws(StoreError) {
        var place: OpenJobPlace?
        repeat {
            let page = try await store.openJobs(OpenJobQuery(owner: owner, after: place, limit: Self.page))
            for id in page.ids { _ = try await jobs.cancel(id, owner: owner, audit: nil) }
            place = page.next
        } while place != nil
    }

    /// True where nothing was left; what runs out still has not ended.
    private func takeBodies(_ owner: OwnerID, by jobs: any JobControl) async throws(StoreError) -> Bool {
        var isEmpty = true
        var after: JobID?
        repeat {
            let page = try await store.jobs(
                JobQuery(owner: owner, after: after, limit: Self.page, withBodies: false)
            )
            for job in page {
                isEmpty = false
                guard job.state.isTerminal else { continue }
                let attempts = job.isKeptUpstream ? try await store.attempts(job.id, owner: owner) ?? [] : []
                _ = try await jobs.deleteBodies(
                    job.id,
                    owner: owner,
                    upstream: attempts.compactMap { KeptUpstream($0) }
                )
            }
            after = page.next
        } while after != nil
        return isEmpty
    }
}

extension JobRecord {
    /// Whether its provider may keep its answer.
    fileprivate var isKeptUpstream: Bool { format == .openAIResponses && terms.keepsBodies == nil }
}
