package import SluiceTypes

/// The transitions of a job that enters as running: what a sync or streaming call needs of a store.
///
/// See ``JobStore`` for what each promises.
package protocol CallStore: Sendable {
    /// (nothing) → running at epoch 1 under `boot`, with its attempt row.
    ///
    /// - Throws: ``StoreError``; unless its code is `unavailable`, nothing was stored.
    func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission

    /// running → succeeded; result, output and attempt in one transaction. `deferred_since` is cleared.
    func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement

    /// running → queued at `retryAt`, or dead. On the way back to the queue `deferred_since` is cleared by a failure that
    /// ends the patience, see ``Failure/endsPatience``, and set to the report's end by any other where it was empty.
    func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement

    /// running → running at the next epoch, on another row or credential. The old attempt is closed, with what it brought, as
    /// `failed` or `deferred`; no counter moves, and `deferred_since` stays.
    func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal

    /// running → queued, due at once; the attempt is `released`: nothing had been sent.
    func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement

    /// running → queued at `until`; the attempt is `deferred` and no counter moves. `deferred_since` is set to the
    /// report's end where it was empty.
    func `defer`(_ claim: consuming Claim, _ report: AttemptReport, until: Timestamp) async -> Settlement

    /// queued or running → cancelled; epoch + 1, a running attempt is closed as `cancelled`.
    ///
    /// `audit` is written where the job was cancelled, in the same transaction.
    ///
    /// - Throws: ``StoreError``.
    func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation
}
