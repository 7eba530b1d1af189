package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement {
        let job = claim.spend()
        return await settle(job, Succeed(claim: job, success: success))
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        let job = claim.spend()
        return await settle(job, Fail(claim: job, failure: failure))
    }

    package func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement {
        let job = claim.spend()
        let report = AttemptReport(endedAt: now)
        return await settle(job, GiveBack(claim: job, outcome: .released, report: report, until: now))
    }

    package func `defer`(
        _ claim: consuming Claim,
        _ report: AttemptReport,
        until: Timestamp
    ) async -> Settlement {
        let job = claim.spend()
        return await settle(job, GiveBack(claim: job, outcome: .deferred, report: report, until: until))
    }

    package func retryNow(
        _ claim: consuming Claim,
        after setback: Setback,
        start: AttemptStart
    ) async -> Renewal {
        let job = claim.spend()
        switch await attempt(RetryNow(claim: job, setback: setback, start: start)) {
        case .success(.renewed(let next)): return .renewed(Claim(next))
        case .success(.stale): return .stale
        case .failure(let error): return .unsettled(Claim(job), error)
        }
    }

    private func settle<Operation: WriteOperation>(
        _ job: ClaimedJob,
        _ operation: Operation
    ) async -> Settlement where Operation.Answer == Settled {
        switch await attempt(operation) {
        case .success(.settled(let state, let runAt)): return .settled(state, runAt: runAt)
        case .success(.stale): return .stale
        case .failure(let error): return .unsettled(Claim(job), error)
        }
    }
}
