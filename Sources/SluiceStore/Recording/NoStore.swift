package import SluiceTypes

/// Keeps nothing of calls, and says of everything that it is done.
package struct NoStore: CallStore {
    package init() {}

    package func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission {
        .started(Claim(ClaimedJob(started: job, start)))
    }

    package func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement {
        _ = claim.spend()
        return .settled(.succeeded, runAt: nil)
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        _ = claim.spend()
        return .settled(.dead, runAt: nil)
    }

    package func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal {
        .renewed(Claim(claim.spend().renewed(after: setback, start)))
    }

    package func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement {
        _ = claim.spend()
        return .settled(.cancelled, runAt: nil)
    }

    package func `defer`(_ claim: consuming Claim, _ report: AttemptReport, until: Timestamp) async -> Settlement {
        _ = claim.spend()
        return .settled(.dead, runAt: nil)
    }

    package func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation {
        .cancelled(wasRunning: true)
    }
}
