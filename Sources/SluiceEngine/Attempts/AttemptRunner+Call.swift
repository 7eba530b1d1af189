import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

// How a call comes to its claim: it never stands in the queue, so that it is stored and sent at about the same time.
extension AttemptRunner {
    /// Stores, runs and settles a call.
    ///
    /// The permits it used are given back before it returns.
    func run(_ request: CallRequest, as run: JobRun, on permit: Permit, _ start: AttemptStart) async {
        defer { endUse(of: request.job.facts, claim: run.epoch) }
        let job = ClaimedJob(started: request.job, start)
        let log = newLog(of: run, job)
        // What is not recorded is committed at once; and while the store fails, nothing goes out to be paid and thrown away.
        let commitsFirst =
            run.policy.commit == .first || settings.recording == .none || !storeIsWell.load(ordering: .relaxed)
        let (stored, result) =
            commitsFirst
            ? await storeThenAttempt(request, job, on: permit, log, run)
            : await storeAndAttempt(request, job, on: permit, log, run)
        switch stored {
        case .claim(let box):
            guard let claim = box.take(), let result else { return }
            await carryOn(claim, after: result, on: permit, as: run)
        case .failed(let error):
            switchboard.release(permit, of: job.owner)
            run.finish(.notStored(error, wasSent: result?.wasSent ?? false))
        case .not(let end):
            switchboard.release(permit, of: job.owner)
            run.finish(end)
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
        _ run: JobRun
    ) async -> (Stored, AttemptResult?) {
        let stored = await store(request, job, on: permit, run)
        guard case .claim = stored else {
            log.close()
            return (stored, nil)
        }
        return (stored, await attempt(job, on: permit, log, run))
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
        _ run: JobRun
    ) async -> (Stored, AttemptResult?) {
        async let stored = storeOrCallOff(request, job, on: permit, run)
        let result = await attempt(job, on: permit, log, run)
        return (await stored, result)
    }

    private func storeOrCallOff(
        _ request: CallRequest,
        _ job: ClaimedJob,
        on permit: Permit,
        _ run: JobRun
    ) async -> Stored {
        let stored = await store(request, job, on: permit, run)
        // Nobody will get the answer: the call is closed.
        switch stored {
        case .claim: break
        case .failed, .not: run.callOff()
        }
        return stored
    }

    private func store(
        _ request: CallRequest,
        _ job: ClaimedJob,
        on permit: Permit,
        _ run: JobRun
    ) async -> Stored {
        let new = Promise.inputAsReceived.holds ? request.job : await asSent(request.job, job, on: permit)
        do throws(StoreError) {
            switch try await store.submitRunning(new, start: job.start, boot: boot) {
            case .started(let claim):
                storeIsWell.store(true, ordering: .relaxed)
                run.noteStored()
                return .claim(ClaimBox(claim))
            case .replayed(let id): return .not(.replayed(id))
            case .keyReused: return .not(.keyReused)
            case .noParent: return .not(.noParent)
            }
        } catch {
            storeIsWell.store(false, ordering: .relaxed)
            // It may have been committed all the same: then nobody here runs it once this run is over.
            if error.code == .unavailable { running.noteOrphans() }
            return .failed(error)
        }
    }

    /// The job with what goes to the provider in the place of what came: what is never stored.
    private func asSent(_ new: NewJob, _ job: ClaimedJob, on permit: Permit) async -> NewJob {
        guard let ancestry = new.ancestry,
            case .asked(let ask, _) = await phrasing.phraseThread(job, behind: ancestry, on: permit, in: nil, [])
        else { return new }
        var new = new
        new.input.body = ask.body.bytes
        return new
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
            if state == .succeeded, case .succeed(let success) = settling {
                return .succeeded(body: success.body, cost: success.report.entry?.cost.priced)
            }
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
        failure.retryAfter = failure.retryAfter ?? switchboard.hold(job.group, for: job.owner, isQueued: false)?.opensIn
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
            fields: result.fields,
            wasSent: result.wasSent,
            possiblyCharged: result.isUnknown,
            own: result.refusal.flatMap { Own($0) }
        )
    }

    /// The gateway stops before the end of the call could be stored.
    static let interrupted = CallFailure(
        .interrupted,
        "the gateway stopped before the call had ended",
        possiblyCharged: true
    )
}

extension CallFailure.Own {
    /// Nil for an error in another shape than its dialect's.
    init?(_ error: ProviderError) {
        guard let envelope = error.envelope else { return nil }
        self.init(status: error.status, body: error.body, envelope: envelope)
    }
}
