import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Takes one claimed job from its permit to its settlement, over as many rows as one call may try.
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
    func run(_ claim: consuming Claim, on permit: Permit) async {
        let log = JobLog(epoch: claim.job.epoch, keepsChunks: claim.job.stream)
        running.attach(log, to: claim.job.id, epoch: claim.job.epoch)
        let result = await attempt(claim.job, on: permit, log)
        await carryOn(claim, after: result, on: permit)
    }

    /// Settles what an attempt brought, or goes on with another attempt, until the claim is spent.
    ///
    /// `call` is the caller's side of a sync or streaming call, and nil for a job from the queue.
    ///
    /// Not inlined, so that its frame is there only once the answer is.
    @inline(never)
    func carryOn(
        _ claim: consuming Claim,
        after first: AttemptResult,
        on permit: Permit,
        for call: LiveCall? = nil
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
            let step =
                call == nil
                ? step(after: result, of: claim.job, on: permit, used)
                : callStep(after: result, of: claim.job, on: permit, used)
            switch step {
            case .settle(let settling):
                // The permit is free before the commit: the provider has done its part.
                switchboard.release([permit])
                let settled = await settler.settle(claim, settling, in: store)
                call?.finish(end(of: job, after: result.isUnknown ? result : told ?? result, settling, settled))
                return
            case .moveOn(let failure, let next):
                // `permit` was exchanged for `next`.
                permit = next
                switch await settler.renew(claim, after: failure, start: start(on: next), in: store) {
                case .renewed(let renewed):
                    claim = renewed
                case .exhausted:
                    switchboard.release([next])
                    call?.finish(.failed(callFailure(of: job, after: told ?? result)))
                    return
                case .stale:
                    switchboard.release([next])
                    // Only what surely cost nothing moves on.
                    call?.finish(.cancelled(possiblyCharged: false))
                    return
                case .unsettled(let abandoned, _):
                    abandoned.abandon()
                    switchboard.release([next])
                    call?.finish(.failed(.interrupted))
                    return
                }
            }
            let log = JobLog(epoch: claim.job.epoch, keepsChunks: claim.job.stream)
            running.attach(log, to: job.id, epoch: job.epoch)
            call?.begin(log)
            result = await attempt(claim.job, on: permit, log)
        }
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
