package import SluiceTypes

/// Keeps calls without their bodies: who called what, how it ended, what it used.
package struct AccountingStore: CallStore {
    private let store: any Store

    package init(_ store: any Store) {
        self.store = store
    }

    package func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission {
        var bare = job
        bare.input = JobInput(body: [], trace: job.input.trace)
        switch try await store.submitRunning(bare, start: start, boot: boot) {
        case .started(let claim):
            // Another row may have to be asked: the worker keeps what the store does not.
            _ = claim.spend()
            return .started(Claim(ClaimedJob(started: job, start)))
        case .replayed(let id): return .replayed(id)
        case .keyReused: return .keyReused
        case .noParent: return .noParent
        }
    }

    package func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement {
        var bare = success
        bare.body = []
        bare.output = AttemptOutput(log: [], text: "", complete: success.output.complete)
        return await store.succeed(claim, bare)
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        await store.fail(claim, failure.bare)
    }

    package func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal {
        let job = claim.job
        var bare = setback
        bare.output = nil
        switch await store.retryNow(claim, after: bare, start: start) {
        case .renewed(let renewed):
            _ = renewed.spend()
            return .renewed(Claim(job.renewed(after: setback, start)))
        case .stale: return .stale
        case .unsettled(let claim, let error): return .unsettled(claim, error)
        }
    }

    package func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement {
        await store.release(claim, at: now)
    }

    package func `defer`(_ claim: consuming Claim, _ report: AttemptReport, until: Timestamp) async -> Settlement {
        await store.defer(claim, report, until: until)
    }

    package func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation {
        try await store.cancel(id, owner: owner, at: now, audit: audit)
    }
}

extension Failure {
    /// What failed, without what had come by then.
    fileprivate var bare: Failure {
        var bare = self
        bare.output = nil
        return bare
    }
}
