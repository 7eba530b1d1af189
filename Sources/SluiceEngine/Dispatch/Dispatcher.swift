import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Claims due jobs, group by group, for as many permits as their rows have, and sets them running.
struct Dispatcher: Sendable {
    /// The most permits that one claim asks for: enough to fill a commit, few enough to let other groups in.
    private static let claimSize = 64
    /// The most where other groups of the lane are due as well, so that owners who are in different groups take turns.
    private static let sharedClaimSize = 8
    /// The longest sleep, so that a jump of the wall clock is noticed.
    private static let longestSleep = Duration.seconds(5)
    /// The shortest sleep when a group has no permit, whatever the rows say of when they open.
    private static let shortestSleep = Duration.milliseconds(10)

    let store: any Store
    let switchboard: Switchboard
    let treasury: Treasury
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
        let (opened, next) = treasury.open(at: time.uptime())
        for group in opened { switchboard.putBack(group, of: [], dueAt: now) }
        var wake = min(next ?? .seconds(Int64.max / 2), time.uptime() + Dispatcher.longestSleep)
        let (due, news) = switchboard.due(at: now)
        let shared = Dictionary(due.map { ($0.group.lane, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }
        var full: Set<Int> = []
        for state in due {
            guard !phase.isStopping, !settler.isBehind else { break }
            let size = shared[state.group.lane] == nil ? Dispatcher.claimSize : Dispatcher.sharedClaimSize
            wake = min(wake, await running.whileClaiming { await serve(state.group, count: size, besides: &full) })
            // Somebody came whose turn may be before the rest's.
            guard switchboard.news == news else { return .zero }
        }
        // The uptime first: should the clock move in between, the moment is early, and not late.
        let uptime = time.uptime()
        let nextDue = switchboard.nextDue(after: now).map { uptime + $0.since(time.now()) }
        return min(wake, nextDue ?? wake)
    }

    private func serve(_ group: JobGroup, count: Int, besides full: inout Set<Int>) async -> Duration {
        let uptime = time.uptime()
        guard let (due, reservation) = switchboard.reserve(group, count: count, besides: &full) else {
            return uptime + Dispatcher.longestSleep
        }
        guard !reservation.isEmpty else {
            return uptime
                + (reservation.opensIn.map { max($0, Dispatcher.shortestSleep) } ?? Dispatcher.longestSleep)
        }
        let offered = reservation.all
        let now = time.now()
        let closed = treasury.closed()
        let begun = Begun()
        let request = ClaimRequest(
            group: due.group,
            boot: boot,
            now: now,
            deadlinesAt: clock.forDeadlines(),
            starts: reservation.permits.map { AttemptStart($0, at: now) },
            alternates: reservation.alternates.map { AttemptStart($0, at: now) },
            named: reservation.named.mapValues { $0.map { AttemptStart($0, at: now) } },
            closed: closed.owners,
            judge: judge(offered, begun),
            restart: { [runner] in for (job, epoch) in begun.takeAll() { runner.endUse(of: job, claim: epoch) } }
        )
        do {
            var batch = try await store.claim(request)
            var free = FreePermits(reservation)
            let isFull = batch.count >= reservation.count
            let (skipped, next) = (batch.skipped, batch.nextRunAt)
            let jobs = batch.jobs
            let permits = jobs.map { free.take($0.start, for: $0.owner) }
            // What was judged in a transaction that was rolled back may not have been claimed after all.
            let ids = Set(jobs.map(\.id))
            for (job, epoch) in begun.takeAll() where !ids.contains(job.id) { runner.endUse(of: job, claim: epoch) }
            // Before any of them can have ended, or looks for another place.
            switchboard.begin(
                zip(permits, jobs).compactMap { permit, job in permit.map { ($0, job.owner) } },
                of: group
            )
            switchboard.release(free.rest)
            for permit in permits { if let claim = batch.next() { start(claim, on: permit) } }
            for id in batch.expired {
                logger.info("dead before a try", metadata: ["job": "\(id)"])
                feed.notify(id)
            }
            // What opens for them, or has meanwhile, puts the group back.
            if batch.steppedOver, !treasury.noteWaiting(due.group, since: closed) {
                switchboard.putBack(due.group, of: due.owners, dueAt: now)
                return .zero
            }
            if !skipped.isEmpty, next.map({ $0 > now }) ?? true {
                // They wait until something opens for them, or somebody else comes; the next turn finds out until when.
                switchboard.putBack(due.group, closedTo: skipped, at: now, until: next)
                return .zero
            }
            guard let next else { return uptime + Dispatcher.longestSleep }
            let idle = reservation.owners.subtracting(jobs.map(\.owner))
            if next <= now, !idle.isEmpty { switchboard.noteIdle(due.group, idle) }
            switchboard.putBack(due.group, of: due.owners, dueAt: next)
            // A claim that had too many overdue jobs to end has left some that are due.
            return isFull || next <= now ? .zero : uptime + Dispatcher.longestSleep
        } catch {
            for (job, epoch) in begun.takeAll() { runner.endUse(of: job, claim: epoch) }
            switchboard.release(offered)
            switchboard.putBack(due.group, of: due.owners, dueAt: due.nextRunAt)
            logger.error("no jobs can be claimed", metadata: ["error": "\(error)"])
            // It may have been committed all the same: then its jobs run, and nobody here knows of them.
            if error.code == .unavailable { running.noteOrphans() }
            // The bell would ring at once for the permits just given back.
            try? await time.sleep(.milliseconds(500))
            return .zero
        }
    }

    /// Says of each job whether it may begin on one of the rows that are offered, and notes those that do.
    private func judge(
        _ offered: [Permit],
        _ begun: Begun
    ) -> @Sendable (JobFacts, Int64, [AttemptStart]) -> ClaimJudgement {
        let rows = Dictionary(offered.map { ($0.row.name, $0.row) }) { first, _ in first }
        return { [runner, treasury] job, epoch, starts in
            let ways = starts.map { start in
                let staked = rows[start.row].map { runner.staked(start, of: job, on: $0) } ?? start
                return (staked, runner.need(job, epoch: epoch, of: epoch, staked))
            }
            let judgement = treasury.claim(ways, of: job)
            if case .take = judgement { begun.note(job, epoch) }
            return judgement
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
                    if job.state == .queued, let group = job.group {
                        switchboard.putBack(group, of: [], dueAt: time.now())
                    }
                    feed.notify(job.id)
                }
            }
        } catch {
            running.noteOrphans()
            try? await time.sleep(.milliseconds(500))
            return false
        }
    }

    private func start(_ claim: consuming Claim, on permit: Permit?) {
        let job = claim.job
        guard let permit else {
            // A store that invents a start has broken its contract; the next start of the process rescues the job.
            claim.abandon()
            runner.endUse(of: job.facts, claim: job.epoch)
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

/// The jobs that a claim has let begin.
private final class Begun: Sendable {
    private let noted = Mutex<[(job: JobFacts, epoch: Int64)]>([])

    func takeAll() -> [(job: JobFacts, epoch: Int64)] {
        noted.withLock { noted in
            defer { noted = [] }
            return noted
        }
    }

    func note(_ job: JobFacts, _ epoch: Int64) {
        noted.withLock { $0.append((job, epoch)) }
    }
}

/// The permits of one claim that no job has taken.
private struct FreePermits {
    /// Jobs take permits in the order in which they were offered, and the first of a slice leaves for nothing.
    private var shared: ArraySlice<Permit>
    private var named: [OwnerID: ArraySlice<Permit>]

    init(_ reservation: Reservation) {
        shared = (reservation.permits + reservation.alternates)[...]
        named = reservation.named.mapValues { $0[...] }
    }

    var rest: [Permit] { Array(shared) + named.values.joined() }

    mutating func take(_ start: AttemptStart, for owner: OwnerID) -> Permit? {
        guard var own = named[owner] else { return FreePermits.take(start, &shared) }
        defer { named[owner] = own }
        return FreePermits.take(start, &own)
    }

    private static func take(_ start: AttemptStart, _ permits: inout ArraySlice<Permit>) -> Permit? {
        let name = ChoiceName(row: start.row, credential: start.credential, upstream: start.model)
        guard let index = permits.firstIndex(where: { $0.name == name })
        else { return nil }
        return index == permits.startIndex ? permits.removeFirst() : permits.remove(at: index)
    }
}
