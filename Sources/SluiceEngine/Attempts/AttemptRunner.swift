import Logging
import SluiceJSON
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
    let phrasing: RequestPhrasing
    let caller: ProviderCaller
    let estimator: Estimator
    let treasury: Treasury
    let switchboard: Switchboard
    let running: RunningJobs
    let settler: Settler
    let settings: EngineSettings
    let boot: BootID
    let clock: TrustedClock
    let time: EngineTime
    let logger: Logger
    /// False from a call that could not be stored until one that could.
    let storeIsWell = Atomic<Bool>(true)

    init(
        store: any CallStore,
        phrasing: RequestPhrasing,
        caller: ProviderCaller,
        estimator: Estimator,
        treasury: Treasury,
        switchboard: Switchboard,
        running: RunningJobs,
        settler: Settler,
        settings: EngineSettings,
        boot: BootID,
        clock: TrustedClock,
        time: EngineTime,
        logger: Logger
    ) {
        self.store = store
        self.phrasing = phrasing
        self.caller = caller
        self.estimator = estimator
        self.treasury = treasury
        self.switchboard = switchboard
        self.running = running
        self.settler = settler
        self.settings = settings
        self.boot = boot
        self.clock = clock
        self.time = time
        self.logger = logger
    }

    /// Runs and settles `claim`.
    ///
    /// The permits it used are given back before it returns.
    func run(_ claim: consuming Claim, as run: JobRun, on permit: Permit) async {
        let facts = claim.job.facts
        defer { endUse(of: facts, claim: run.epoch) }
        let result = await attempt(claim.job, on: permit, newLog(of: run, claim.job), run)
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
        var tally = ClaimTally()
        let job = claim.job
        while true {
            tally.used.insert(permit.name)
            tally.history = tally.history ?? result.rendition.history
            if let usage = result.entry?.usage { treasury.note(used: usage.totalTokens, by: job.facts) }
            let settling: Settling
            switch step(after: result, of: claim.job, on: permit, as: run, &tally) {
            case .again(let setback, let amendment):
                tally.amendments.insert(amendment)
                guard let renewed = await renew(claim, after: setback, on: permit, run) else { return }
                claim = renewed
                result = await attempt(claim.job, on: permit, newLog(of: run, claim.job), run, tally.amendments)
                continue
            case .settle(let end):
                // The permit is free before the commit: the provider has done its part.
                switchboard.release(permit, of: job.owner)
                settling = end
            case .stop(let end, let next):
                // `permit` was exchanged for `next`.
                switchboard.release(next, of: job.owner)
                settling = end
            case .moveOn(let setback, let next):
                // `permit` was exchanged for `next`.
                permit = next
                tally.amendments = []
                guard let renewed = await renew(claim, after: setback, on: next, run) else { return }
                claim = renewed
                result = await attempt(claim.job, on: permit, newLog(of: run, claim.job), run)
                continue
            case .waitForWindow(let setback, let otherwise):
                switchboard.release(permit, of: job.owner)
                run.notePause()
                guard let next = await waitForWindow(job, run, &tally) else {
                    settling = otherwise
                    break
                }
                guard takesHold(for: claim.job, on: next, as: run) else {
                    switchboard.release(next, of: job.owner)
                    settling = otherwise
                    break
                }
                permit = next
                tally.amendments = []
                guard let renewed = await renew(claim, after: setback, on: next, run) else { return }
                claim = renewed
                result = await attempt(claim.job, on: permit, newLog(of: run, claim.job), run)
                continue
            }
            let settled = await settler.settle(claim, settling, in: store)
            finish(run, job, after: result.isUnknown ? result : tally.told ?? result, settling, settled)
            return
        }
    }

    /// Waits for the end of a window where a call's members are limited, as long as the call may wait; nil where that is of no
    /// use, and when it was called off.
    private func waitForWindow(_ job: ClaimedJob, _ run: JobRun, _ tally: inout ClaimTally) async -> Permit? {
        guard let end = run.policy.patienceEnd else { return nil }
        var wish = Wish(job.group, owner: job.owner, isQueued: false, session: run.policy.session)
        // Who asked for patience may be asked again when it is over.
        tally.used.subtract(tally.limited)
        tally.limited = []
        wish.history = tally.history
        wish.besides = tally.used
        wish.tooSmall = tally.tooSmall
        guard case .permit(let permit) = await switchboard.permit(for: wish, until: end, unless: nil) else {
            return nil
        }
        return permit
    }

    /// Opens the next epoch, on `permit`; nil when the job has ended, and all is said and given back.
    private func renew(
        _ claim: consuming Claim,
        after setback: Setback,
        on permit: Permit,
        _ run: JobRun
    ) async -> Claim? {
        let owner = claim.job.owner
        switch await settler.renew(claim, after: setback, start: start(claim.job.facts, on: permit), in: store) {
        case .renewed(let renewed): return renewed
        case .stale:
            switchboard.release(permit, of: owner)
            // Only what surely cost nothing moves on.
            run.finish(.cancelled(possiblyCharged: false))
            return nil
        case .unsettled(let abandoned, _):
            abandoned.abandon()
            switchboard.release(permit, of: owner)
            run.finish(.failed(.interrupted))
            return nil
        }
    }

    /// Where the next attempt of a run writes.
    func newLog(of run: JobRun, _ job: ClaimedJob) -> JobLog {
        let log = JobLog(epoch: job.epoch, keepsChunks: job.stream, memory: running.memory)
        running.attach(log, of: job.start.row, to: run, at: time.uptime())
        return log
    }

    func attempt(
        _ job: ClaimedJob,
        on permit: Permit,
        _ log: JobLog,
        _ run: JobRun,
        _ amendments: Set<Amendment> = []
    ) async -> AttemptResult {
        let session = run.policy.session
        let phrased =
            if let ancestry = job.ancestry {
                await phrasing.phraseThread(job, behind: ancestry, on: permit, in: session, amendments)
            } else {
                phrasing.phrase(job, on: permit, in: session, amendments)
            }
        switch phrased {
        case .not(let end, let refusal, let rendition):
            let bill = bill(of: job, on: permit)
            return caller.unasked(end, refusal, rendition, isStream: job.stream, on: permit, log: log, bill)
        case .asked(let ask, let rendition):
            if !rendition.dropped.isEmpty { log.note(dropped: rendition.dropped) }
            // What came is counted where it came in.
            let told = rendition.rebuiltTurns == nil ? 0 : ask.body.bytes.count
            running.memory.add(told)
            defer { running.memory.giveBack(told) }
            let bill = bill(of: job, on: permit, asking: ask)
            guard job.stream else {
                return await caller.attempt(ask, of: job, rendition, on: permit, log: log, bill)
            }
            return await caller.attempt(ask, of: job, rendition, on: permit, log: log, bill) { [switchboard] in
                switchboard.noteWell(permit, of: job)
            }
        }
    }

    private func bill(of job: ClaimedJob, on permit: Permit, asking ask: Ask? = nil) -> Bill {
        Bill(estimator: estimator, permit: permit, job: job, policy: treasury.policy(job.facts), asked: ask?.body)
    }

    func start(_ job: JobFacts, on permit: Permit) -> AttemptStart {
        staked(AttemptStart(permit, at: time.now()), of: job, on: permit.row)
    }

    /// The start with what the attempt may use and cost, and at the moment at which its budgets see it.
    func staked(_ start: AttemptStart, of job: JobFacts, on row: ProviderRow) -> AttemptStart {
        var start = start
        start.startedAt = treasury.moment(of: job, at: start.startedAt)
        start.stake = estimator.stake(job, on: row, start.model, at: start.startedAt, treasury.policy(job))
        return start
    }

    /// What an attempt needs of its owner's limits, whose claim began at another epoch or with this one.
    func need(_ job: JobFacts, epoch: Int64, of claim: Int64, _ start: AttemptStart) -> LimitNeed {
        LimitNeed(job.id, epoch: epoch, of: claim, start, treasury.policy(job))
    }

    /// Exchanges what is set aside for a job for what its next attempt may cost; false where too little is left for that.
    func takesHold(for job: ClaimedJob, on next: Permit, as run: JobRun) -> Bool {
        let need = need(job.facts, epoch: job.epoch + 1, of: run.epoch, start(job.facts, on: next))
        return treasury.begin(need, of: job.facts) == nil || !Promise.eachRowHeld.holds
    }

    /// A job has no attempt under way any more: others that waited for that may go on.
    func endUse(of job: JobFacts, claim: Int64) {
        let groups = treasury.end(job, of: claim)
        for group in groups { switchboard.note(group, dueAt: time.now()) }
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
            account: permit.member.accountID.description,
            model: permit.upstream,
            configHash: permit.row.configurationHash,
            startedAt: now
        )
    }

    /// An attempt that is only thought of.
    init(_ row: ProviderRow, _ model: String, at now: Timestamp) {
        self.init(
            row: row.name,
            credential: nil,
            model: model,
            configHash: row.configurationHash,
            startedAt: now
        )
    }
}
