import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

extension AttemptRunner {
    /// Stores and runs a call whose caller reads `call`, and settles it.
    ///
    /// The permits it used are given back before it returns.
    func run(_ request: CallRequest, as call: LiveCall, on permit: Permit) async {
        let job = ClaimedJob(started: request.job, start(on: permit))
        let log = JobLog(epoch: job.epoch, keepsChunks: job.stream)
        running.attach(log, to: job.id, epoch: job.epoch)
        call.begin(log)
        // What is not recorded is committed at once; and while the store fails, nothing goes out to be paid and thrown away.
        let (stored, result) =
            request.commitsFirst || settings.recording == .none || !storeIsWell.load(ordering: .relaxed)
            ? await storeThenAttempt(request, job, on: permit, log, call)
            : await storeAndAttempt(request, job, on: permit, log, call)
        switch stored {
        case .claim(let box):
            guard let claim = box.take(), let result else { return }
            await carryOn(claim, after: result, on: permit, for: call)
        case .failed(let error):
            switchboard.release([permit])
            call.finish(.notStored(error, wasSent: result?.wasSent ?? false))
        case .not(let end):
            switchboard.release([permit])
            call.finish(end)
        }
    }

    private enum Stored: Sendable {
        case claim(ClaimBox)
        case failed(StoreError)
        /// It stands for a job that is there already, or for none.
        case not(CallEnd)
    }

    // Neither is inlined: a call's task keeps the room of its largest frames for as long as a stream lasts.

    @inline(never)
    private func storeThenAttempt(
        _ request: CallRequest,
        _ job: ClaimedJob,
        on permit: Permit,
        _ log: JobLog,
        _ call: LiveCall
    ) async -> (Stored, AttemptResult?) {
        let stored = await store(request, job.start, call)
        guard case .claim = stored else {
            log.close()
            return (stored, nil)
        }
        return (stored, await attempt(job, on: permit, log))
    }

    /// Sends the request while its job is being committed: the commit takes longer than a connection, and no byte of the
    /// answer leaves before it.
    ///
    /// The commit is the child, because it is over long before the answer.
    @inline(never)
    private func storeAndAttempt(
        _ request: CallRequest,
        _ job: ClaimedJob,
        on permit: Permit,
        _ log: JobLog,
        _ call: LiveCall
    ) async -> (Stored, AttemptResult?) {
        async let stored = storeOrCallOff(request, job, call)
        let result = await attempt(job, on: permit, log)
        return (await stored, result)
    }

    private func storeOrCallOff(_ request: CallRequest, _ job: ClaimedJob, _ call: LiveCall) async -> Stored {
        let stored = await store(request, job.start, call)
        // Nobody will get the answer: the call is closed.
        switch stored {
        case .claim: break
        case .failed, .not: running.callOff(job.id, epoch: job.epoch)
        }
        return stored
    }

    private func store(_ request: CallRequest, _ start: AttemptStart, _ call: LiveCall) async -> Stored {
        do throws(StoreError) {
            switch try await store.submitRunning(request.job, start: start, boot: boot) {
            case .started(let claim):
                storeIsWell.store(true, ordering: .relaxed)
                call.noteStored()
                return .claim(ClaimBox(claim))
            case .replayed(let id): return .not(.replayed(id))
            case .keyReused: return .not(.keyReused)
            }
        } catch {
            storeIsWell.store(false, ordering: .relaxed)
            // It may have been committed all the same: then nobody here runs it once this run is over.
            if error.code == .unavailable { running.noteOrphans() }
            return .failed(error)
        }
    }

    /// What a call does after an attempt: another row at once, as long as nothing has reached its caller, or the end.
    func callStep(
        after result: AttemptResult,
        of job: ClaimedJob,
        on permit: Permit,
        _ used: Set<PermitName>
    ) -> Step {
        let failed = { (counts: Bool, unknown: Bool, retryAt: Timestamp?) in
            result.failure(counts: counts, unknown: unknown, retryAt: retryAt)
        }
        switch Verdict.decide(result, onUnknown: .deadLetter) {
        case .succeed(let finish):
            switchboard.noteAnswer(permit, to: job.owner)
            return .settle(.succeed(result.success(finish)))
        case .retry:
            _ = switchboard.noteFailure(permit, of: job)
            return another(job, from: permit, used, result) { failed(true, false, $0) }
        case .unreached:
            _ = switchboard.noteFailure(permit, of: job)
            return another(job, from: permit, used, result) { failed(false, false, $0) }
        case .tryNext: return another(job, from: permit, used, result) { failed(false, false, $0) }
        case .wait:
            _ = switchboard.noteRateLimit(permit, pause: result.retryAfter)
            return another(job, from: permit, used, result) { failed(false, false, $0) }
        case .refuseCredential:
            _ = switchboard.noteRefusal(permit, reason: refusal(result.report))
            return another(job, from: permit, used, result) { failed(false, false, $0) }
        case .die(let counts, let unknown):
            if unknown, !result.isAboutRequest { _ = switchboard.noteFailure(permit, of: job) }
            return .settle(.fail(failed(counts, unknown, nil)))
        case .release where running.isCancelled(job.id): return .settle(.release)
        // Nobody waits for it any more when it would be claimed again.
        case .release: return .settle(.fail(failed(false, false, nil)))
        case .interrupt: return .settle(.fail(failed(false, true, nil)))
        }
    }

    private func another(
        _ job: ClaimedJob,
        from permit: Permit,
        _ used: Set<PermitName>,
        _ result: AttemptResult,
        _ failed: (Timestamp?) -> Failure
    ) -> Step {
        let isBegun = result.hasChunks && Promise.oneRowOnceBegun.holds
        guard !isBegun, case .taken(let next) = switchboard.exchange(permit, after: used, for: job) else {
            return .settle(.fail(failed(nil)))
        }
        return .moveOn(failed(time.now()), next)
    }

    /// What the caller is told once `settling` was committed.
    func end(
        of job: ClaimedJob,
        after result: AttemptResult,
        _ settling: Settling,
        _ settled: Settler.Outcome
    ) -> CallEnd {
        switch settled {
        case .settled(let state):
            if state == .succeeded, case .succeed(let success) = settling { return .succeeded(body: success.body) }
            return .failed(callFailure(of: job, after: result))
        case .stale:
            if case .finished = result.end { return .cancelled(possiblyCharged: true) }
            return .cancelled(possiblyCharged: result.isUnknown)
        case .givenUp: return .failed(.interrupted)
        }
    }

    /// What the caller is told of a failure: where its provider did not say when to come again, the moment at which a row
    /// opens.
    func callFailure(of job: ClaimedJob, after result: AttemptResult) -> CallFailure {
        var failure = CallFailure(result)
        failure.retryAfter = failure.retryAfter ?? switchboard.hold(job.group, for: job.owner)?.opensIn
        return failure
    }
}

extension CallFailure {
    init(_ result: AttemptResult) {
        let report = result.report
        self.init(
            report.errorClass ?? .unknown,
            report.message ?? "the call failed",
            type: result.refusal?.type,
            code: result.refusal?.code,
            parameter: result.refusal?.parameter,
            httpStatus: result.httpStatus,
            retryAfter: result.retryAfter,
            limits: result.limits,
            wasSent: result.wasSent,
            possiblyCharged: result.isUnknown
        )
    }

    /// The gateway stops before the end of the call could be stored.
    static let interrupted = CallFailure(
        .interrupted,
        "the gateway stopped before the call had ended",
        possiblyCharged: true
    )
}
