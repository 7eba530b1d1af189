package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement {
        settle(claim.spend()) { $0.succeed($1, success) }
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        settle(claim.spend()) { $0.fail($1, failure) }
    }

    package func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement {
        settle(claim.spend()) { $0.giveBack($1, as: .released, AttemptReport(endedAt: now), until: now) }
    }

    package func `defer`(
        _ claim: consuming Claim,
        _ report: AttemptReport,
        until: Timestamp
    ) async -> Settlement {
        settle(claim.spend()) { $0.giveBack($1, as: .deferred, report, until: until) }
    }

    package func retryNow(
        _ claim: consuming Claim,
        after setback: Setback,
        start: AttemptStart
    ) async -> Renewal {
        let job = claim.spend()
        do {
            let answer: MemoryState.Renewed = try run { (state) throws(StoreError) in
                state.retryNow(job, setback, start)
            }
            switch answer {
            case .renewed(let next): return .renewed(Claim(next))
            case .stale: return .stale
            }
        } catch {
            return .unsettled(Claim(job), error)
        }
    }

    private func settle(
        _ job: ClaimedJob,
        _ transition: (inout MemoryState, ClaimedJob) -> MemoryState.Settled
    ) -> Settlement {
        do {
            try bearSettlement()
            let answer: MemoryState.Settled = try run { (state) throws(StoreError) in transition(&state, job) }
            switch answer {
            case .settled(let state, let runAt): return .settled(state, runAt: runAt)
            case .stale: return .stale
            }
        } catch {
            return .unsettled(Claim(job), error)
        }
    }
}
