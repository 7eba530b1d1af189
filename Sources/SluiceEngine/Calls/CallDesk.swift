package import SluiceStore
package import SluiceTypes
import Synchronization

/// Where sync and streaming calls begin: each gets a permit at a provider at once, or is told why not.
///
/// A call is a job like any other: stored, attempted, settled; it only never stands in the queue.
package final class CallDesk: Sendable {
    private let switchboard: Switchboard
    private let runner: AttemptRunner
    private let running: RunningJobs
    private let canceller: Canceller
    private let presence: CallerPresence
    private let settings: EngineSettings
    private let observation: Observation
    private let time: EngineTime
    private let alarms: AlarmClock
    private let recent = Mutex(RecentBodies())

    init(
        switchboard: Switchboard,
        runner: AttemptRunner,
        running: RunningJobs,
        canceller: Canceller,
        settings: EngineSettings,
        observation: Observation,
        time: EngineTime,
        alarms: AlarmClock
    ) {
        self.alarms = alarms
        self.switchboard = switchboard
        self.runner = runner
        self.running = running
        self.canceller = canceller
        self.settings = settings
        self.observation = observation
        self.time = time
        presence = CallerPresence(memory: settings.reattachMemory)
    }

    /// Starts a call on a row that serves its model, as soon as one has room.
    ///
    /// Nothing is stored unless the answer is ``CallOpening/live(_:)``; then the call runs, whether its caller waits or not,
    /// and whoever waits for it says so by ``leave(_:delivered:)`` in the end.
    ///
    /// A call that still waits for a permit is given up when `gone` fires.
    package func open(_ request: CallRequest, unless gone: Signal? = nil) async -> CallOpening {
        let opening = await begin(request, unless: gone)
        if case .limited(let refusal) = opening { observation.note(.refused(refusal)) }
        return opening
    }

    private func begin(_ request: CallRequest, unless gone: Signal?) async -> CallOpening {
        let came = time.uptime()
        if runner.settler.isFull { return .behind }
        let job = request.job
        let session = session(of: request)
        var wish = Wish(job.group, owner: job.owner, isQueued: false, session: session)
        if let history = await runner.phrasing.history(of: job), switchboard.mayBeTold(historyOf: history, wish.key) {
            wish.history = history
        }
        if let refusal = limit(of: job, wish.key) { return .limited(refusal) }
        let end = time.uptime() + settings.callPatience
        var refused: LimitRefusal?
        while true {
            switch await switchboard.permit(for: wish, until: end, unless: gone) {
            case .permit(let permit):
                // He may have been disabled while it waited.
                if let refusal = runner.treasury.refusal(ofDisabled: job.owner) {
                    switchboard.release(permit, of: job.owner)
                    return .limited(refusal)
                }
                let start = runner.start(job.facts, on: permit)
                let need = runner.need(job.facts, epoch: 1, of: 1, start)
                guard let refusal = runner.treasury.begin(need, of: job.facts) else {
                    observation.note(.asked(after: time.uptime() - came))
                    return .live(self.start(request, on: permit, start, session, patienceEnd: end))
                }
                switchboard.release(permit, of: job.owner)
                guard refusal.liesInRow else { return .limited(refusal) }
                // Another row may be cheaper, or have a price.
                refused = refused.map { $0.isFinal ? refusal : $0 } ?? refusal
                wish.besides.insert(permit.name)
            case .full: return refused.map { .limited($0) } ?? .full
            case .closed(let hold): return refused.map { .limited($0) } ?? .closed(hold)
            case .abandoned: return .abandoned
            }
        }
    }

    /// Why a job of the queue is not to be taken: what can never pass, and what has no price; nil for all that only has to wait.
    package func refusal(queueing job: NewJob) -> LimitRefusal? {
        guard let refusal = limit(of: job, job.group.key) else { return nil }
        switch refusal.reason {
        case .never, .notPriced: return refusal
        case .requests, .tokens, .atOnce, .spent, .tooLittle, .held, .notRecorded, .queueFull, .ownerDisabled:
            return nil
        }
    }

    /// Why no row may be asked, by what the call's owner and token may do; nil where one may.
    private func limit(of job: NewJob, _ key: RouteKey) -> LimitRefusal? {
        guard runner.treasury.hasLimits(job.owner, job.token) else { return nil }
        let now = time.now()
        let needs = switchboard.ways(key).map { row, model in
            let start = AttemptStart(row, model, at: now)
            let staked = runner.staked(start, of: job.facts, on: row)
            return runner.need(job.facts, epoch: 1, of: 1, staked)
        }
        return runner.treasury.judge(needs, of: job.facts)
    }

    /// The number of a call's conversation.
    ///
    /// No conversation goes on with the same words as before: who sends one body again and again, and names no session, is
    /// spread over all who may answer.
    private func session(of request: CallRequest) -> UInt64? {
        guard let session = request.session else { return nil }
        guard !session.isNamed, recent.withLock({ $0.note(request.job.fingerprint) }) else { return session.number }
        return nil
    }

    private func start(
        _ request: CallRequest,
        on permit: Permit,
        _ start: AttemptStart,
        _ session: UInt64?,
        patienceEnd: Duration
    ) -> LiveCall {
        let id = request.job.id
        presence.enter(id, request.key, request.onDisconnect)
        let policy = AttemptPolicy.call(
            commit: request.commitsFirst ? .first : .beside,
            session: session,
            patienceEnd: patienceEnd
        )
        let run = JobRun(id, epoch: 1, policy) { [self] end, hasBegun in
            var (succeeded, isCharged) = (false, false)
            switch end {
            case .succeeded: succeeded = true
            case .failed(let failure): isCharged = failure.possiblyCharged && !hasBegun
            default: break
            }
            handle(presence.end(id, succeeded: succeeded, isCharged: isCharged, at: time.uptime()), of: id)
        }
        // Known before it is stored: a rescue of own orphans must not take it for one.
        running.start(run, on: request.executor) { [runner] in
            await runner.run(request, as: run, on: permit, start)
        }
        return LiveCall(run, time, alarms)
    }

    /// What is kept of the calls; only where that is all can a caller come back for one.
    package var recording: Recording { settings.recording }

    // MARK: Who waits for it

    /// A caller waits no longer: it has the whole answer, or is gone, and then the call is closed where nobody else waits
    /// and nobody may come back.
    package func leave(_ id: JobID, delivered: Bool) {
        handle(presence.leave(id, delivered: delivered), of: id)
    }

    /// A caller is too slow for its stream: the call goes on, and can be found again.
    package func leaveBehind(_ id: JobID) {
        handle(presence.leaveBehind(id), of: id)
    }

    /// One more caller waits for a call.
    package func join(_ id: JobID) {
        presence.join(id)
    }

    /// The newest call with this fingerprint whose caller has left, and that runs or has succeeded a short while ago: it
    /// belongs to the one who asks.
    package func adopt(_ fingerprint: [UInt8]) -> JobID? {
        presence.adopt(fingerprint)
    }

    /// The same for a coding agent, by its own key: a call to have, or one whose error it gets again.
    package func adopt(byAgent key: [UInt8]) -> JobID? {
        presence.adopt(key) ?? presence.charged(key, at: time.uptime())
    }

    /// The call with this fingerprint that failed a short while ago, told once: what a caller who tries again repeats.
    package func failure(_ fingerprint: [UInt8]) -> JobID? {
        presence.failure(fingerprint, at: time.uptime())
    }

    private func handle(_ departure: CallerPresence.Departure, of id: JobID) {
        switch departure {
        case .nothing: break
        case .close where !Promise.closedWhenLeft.holds: break
        // Tasks of their own: whoever would wait for them has left.
        case .close: Task { [canceller] in await canceller.close(id) }
        case .grace(let departure):
            Task { [canceller, presence, time, settings] in
                try? await time.sleep(settings.reattachGrace)
                if presence.closes(id, after: departure) { await canceller.close(id) }
            }
        case .memory(let departure):
            Task { [presence, time, settings] in
                try? await time.sleep(settings.reattachMemory)
                presence.forget(id, after: departure)
            }
        }
    }
}

extension Recording {
    /// Where calls are written.
    func store(over store: any Store, _ observation: Observation) -> any CallStore {
        switch self {
        case .full: store
        case .accounting: AccountingStore(store)
        case .none: NoStore(wantsSpans: observation.wantsSpans) { observation.note(.committed($0)) }
        }
    }
}
