import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Takes one job from its permit to its settlement, over as many rows as one claim may try.
///
/// A job from the queue and a call whose caller waits go the same way: they differ by their run's ``AttemptPolicy``.
final class AttemptRunner: Sendable {
    /// Where what becomes of a claim is written.
    let store: any CallStore
    let caller: ProviderCaller
    let switchboard: Switchboard
    let running: RunningJobs
    let settler: Settler
    let settings: EngineSettings
    let boot: BootID
    let clock: TrustedClock
    let time: EngineTime
    /// False from a call that could not be stored until one that could.
    let storeIsWell = Atomic<Bool>(true)

    init(
        store: any CallStore,
        caller: ProviderCaller,
        switchboard: Switchboard,
        running: RunningJobs,
        settler: Settler,
        settings: EngineSettings,
        boot: BootID,
        clock: TrustedClock,
        time: EngineTime
    ) {
        self.store = store
        self.caller = caller
        self.switchboard = switchboard
        self.running = running
        self.settler = settler
        self.settings = settings
        self.boot = boot
        self.clock = clock
        self.time = time
    }

    /// Runs and settles `claim`.
    ///
    /// The permits it used are given back before it returns.
    func run(_ claim: consuming Claim, as run: JobRun, on permit: Permit) async {
        let result = await attempt(claim.job, on: permit, newLog(of: run, claim.job))
        await carryOn(claim, after: result, on: permit, as: run)
    }

    /// Settles what an attempt brought, or goes on with another attempt, until the claim is spent.
    ///
    /// Not inlined, so that its frame is there only once the answer is.
    @inline(never)
    func carryOn(
        _ claim: consuming Claim,
        after first: AttemptResult,
        on permit: Permit,
        as run: JobRun
    ) async {
        var claim = claim
        var result = first
        var permit = permit
        var used: Set<PermitName> = []
        // What the caller hears of several failures: the first that is about its request, before those about rows.
        var told: AttemptResult?
        let job = claim.job
        while true {
            used.insert(permit.name)
            if told == nil, result.isAboutRequest { told = result }
            switch step(after: result, of: claim.job, on: permit, as: run, used) {
            case .settle(let settling):
                // The permit is free before the commit: the provider has done its part.
                switchboard.release([permit])
                let settled = await settler.settle(claim, settling, in: store)
                finish(run, job, after: result.isUnknown ? result : told ?? result, settling, settled)
                return
            case .moveOn(let failure, let next):
                // `permit` was exchanged for `next`.
                permit = next
                switch await settler.renew(claim, after: failure, start: start(on: next), in: store) {
                case .renewed(let renewed):
                    claim = renewed
                case .exhausted:
                    switchboard.release([next])
                    run.finish(.failed(callFailure(of: job, after: told ?? result)))
                    return
                case .stale:
                    switchboard.release([next])
                    // Only what surely cost nothing moves on.
                    run.finish(.cancelled(possiblyCharged: false))
                    return
                case .unsettled(let abandoned, _):
                    abandoned.abandon()
                    switchboard.release([next])
                    run.finish(.failed(.interrupted))
                    return
                }
            }
            result = await attempt(claim.job, on: permit, newLog(of: run, claim.job))
        }
    }

    /// Where the next attempt of a run writes.
    func newLog(of run: JobRun, _ job: ClaimedJob) -> JobLog {
        let log = JobLog(epoch: job.epoch, keepsChunks: job.stream)
        running.attach(log, to: run)
        return log
    }

    func attempt(_ job: ClaimedJob, on permit: Permit, _ log: JobLog) async -> AttemptResult {
        guard permit.breakerProbe != nil else { return await caller.attempt(job, on: permit, log: log) }
        return await caller.attempt(job, on: permit, log: log) { [switchboard] in
            switchboard.noteAnswer(permit, to: job.owner)
        }
    }

    func start(on permit: Permit) -> AttemptStart {
        AttemptStart(permit, at: time.now())
    }

    /// Tells a call's caller what `settling` came to, now that it is committed; a job from the queue has none.
    private func finish(
        _ run: JobRun,
        _ job: ClaimedJob,
        after result: AttemptResult,
        _ settling: Settling,
        _ settled: Settler.Outcome
    ) {
        guard run.policy.claims == .one else { return }
        run.finish(end(of: job, after: result, settling, settled))
    }
}

extension AttemptStart {
    init(_ permit: Permit, at now: Timestamp) {
        self.init(
            row: permit.row.name,
            credential: permit.credential,
            model: permit.upstream,
            configHash: permit.row.configurationHash,
            startedAt: now
        )
    }
}
