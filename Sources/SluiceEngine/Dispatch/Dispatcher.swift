import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Claims due jobs, group by group, for as many permits as their rows have, and sets them running.
struct Dispatcher: Sendable {
    /// The most permits that one claim asks for: enough to fill a commit, few enough to let other groups in.
    private static let claimSize = 64
    /// The longest sleep, so that a jump of the wall clock is noticed.
    private static let longestSleep = Duration.seconds(5)
    /// The shortest sleep when a group has no permit, whatever the rows say of when they open.
    private static let shortestSleep = Duration.milliseconds(10)

    let store: any Store
    let switchboard: Switchboard
    let runner: AttemptRunner
    let running: RunningJobs
    let settler: Settler
    let feed: Feed
    let boot: BootID
    let clock: TrustedClock
    let time: EngineTime
    let logger: Logger

    /// Runs until the engine stops; a ring of the switchboard's bell makes it look.
    func run(until phase: PhaseGate) async {
        while !phase.isStopping, !Task.isCancelled {
            let next = await turn(until: phase)
            if !phase.isStopping { await switchboard.doorbell.wait(until: next, time) }
        }
    }

    /// Serves every due group once.
    ///
    /// Returns until which uptime there is nothing to do unless the bell rings: a moment, because a pause would begin anew
    /// when the clock has moved on meanwhile.
    private func turn(until phase: PhaseGate) async -> Duration {
        guard await rescueOwnOrphans() else { return .zero }
        let now = time.now()
        var wake = time.uptime() + Dispatcher.longestSleep
        for due in switchboard.takeDue(at: now) {
            if phase.isStopping || settler.isBehind {
                switchboard.putBack(due.group, dueAt: due.nextRunAt)
                continue
            }
            wake = min(wake, await running.whileClaiming { await serve(due) })
        }
        // The uptime first: should the clock move in between, the moment is early, and not late.
        let uptime = time.uptime()
        let next = switchboard.nextDue(after: now).map { uptime + $0.since(time.now()) }
        return min(wake, next ?? wake)
    }

    private func serve(_ due: GroupState) async -> Duration {
        let uptime = time.uptime()
        let (permits, alternates, opensIn) = switchboard.reserve(due, count: Dispatcher.claimSize)
        guard !permits.isEmpty else {
            return uptime + (opensIn.map { max($0, Dispatcher.shortestSleep) } ?? Dispatcher.longestSleep)
        }
        let offered = permits + alternates
        let now = time.now()
        let request = ClaimRequest(
            group: due.group,
            boot: boot,
            now: now,
            deadlinesAt: clock.forDeadlines(),
            starts: permits.map { AttemptStart($0, at: now) },
            alternates: alternates.map { AttemptStart($0, at: now) }
        )
        do {
            var batch = try await store.claim(request)
            var free = FreePermits(offered)
            let isFull = batch.count >= permits.count
            while let claim = batch.next() { start(claim, &free) }
            switchboard.release(free.rest)
            for id in batch.expired {
                logger.info("dead before a try", metadata: ["job": "\(id)"])
                feed.notify(id)
            }
            guard let next = batch.nextRunAt else { return uptime + Dispatcher.longestSleep }
            switchboard.putBack(due.group, dueAt: next)
            // A claim that had too many overdue jobs to end has left some that are due.
            return isFull || next <= now ? .zero : uptime + Dispatcher.longestSleep
        } catch {
            switchboard.release(offered)
            switchboard.putBack(due.group, dueAt: due.nextRunAt)
            logger.error("no jobs can be claimed", metadata: ["error": "\(error)"])
            // It may have been committed all the same: then its jobs run, and nobody here knows of them.
            if error.code == .unavailable { running.noteOrphans() }
            // The bell would ring at once for the permits just given back.
            try? await time.sleep(.milliseconds(500))
            return .zero
        }
    }

    /// Queues jobs again that are marked as running here without being so; false when the store could not do it.
    private func rescueOwnOrphans() async -> Bool {
        guard running.takeOrphans() else { return true }
        do {
            while true {
                let rescued = try await store.rescueOwnOrphans(
                    boot: boot,
                    known: { [running] in running.ids },
                    at: time.now(),
                    limit: 500
                )
                guard !rescued.isEmpty else { return true }
                for job in rescued {
                    logger.warning("rescued", metadata: ["job": "\(job.id)", "state": "\(job.state)"])
                    if job.state == .queued, let group = job.group { switchboard.putBack(group, dueAt: time.now()) }
                    feed.notify(job.id)
                }
            }
        } catch {
            running.noteOrphans()
            try? await time.sleep(.milliseconds(500))
            return false
        }
    }

    private func start(_ claim: consuming Claim, _ free: inout FreePermits) {
        let job = claim.job
        guard let permit = free.take(job.start) else {
            // A store that invents a start has broken its contract; the next start of the process rescues the job.
            claim.abandon()
            logger.critical("a claim came back on a permit that was not asked for", metadata: job.metadata)
            return
        }
        logger.debug("claimed", metadata: job.metadata)
        let box = ClaimBox(claim)
        let run = JobRun(job.id, epoch: job.epoch, .queued)
        running.start(run) { [runner] in
            guard let claim = box.take() else { return }
            await runner.run(claim, as: run, on: permit)
        }
    }
}

/// The permits of one claim that no job has taken.
private struct FreePermits {
    /// Jobs take permits in the order in which they were offered, and the first of a slice leaves for nothing.
    private(set) var rest: ArraySlice<Permit>

    init(_ permits: [Permit]) {
        rest = permits[...]
    }

    mutating func take(_ start: AttemptStart) -> Permit? {
        guard let index = rest.firstIndex(where: { $0.row.name == start.row && $0.credential == start.credential })
        else { return nil }
        return index == rest.startIndex ? rest.removeFirst() : rest.remove(at: index)
    }
}
