package import SluiceTypes

/// The transitions of a job.
///
/// Each is one transaction, and returns only after its commit.
///
/// Every settling transition names the claim's epoch; where the row has another one by now, the job is left alone and
/// the facts go to the attempt (see ``Settlement/stale``). A settlement repeated after ``Settlement/unsettled(_:_:)``
/// that had in truth been committed answers as the first would have.
package protocol JobStore: CallStore {
    /// (nothing) → queued.
    ///
    /// A job that continues another is stored only while that one is there to be continued: nothing comes in between, since both
    /// is one transaction. An idempotency key that is known answers before that is asked.
    ///
    /// - Throws: ``StoreError``; unless its code is `unavailable`, nothing was stored.
    func submit(_ job: NewJob) async throws(StoreError) -> Submission

    /// queued → running, for as many due jobs of one group as the request has places; epoch + 1 and one attempt row each.
    /// A due job past its deadline is dead (`expired`) instead, and takes no place.
    ///
    /// - Throws: ``StoreError``; unless its code is `unavailable`, nothing was claimed.
    func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimBatch

    /// running under another boot → queued, or dead by the job's policy or at the limit; epoch + 1, interrupts + 1, the
    /// attempt is `interrupted`. At most `limit` jobs at a time; call again until the answer is empty.
    ///
    /// - Throws: ``StoreError``.
    func rescue(boot: BootID, at now: Timestamp, limit: Int) async throws(StoreError) -> [Rescue]

    /// The same for jobs that run under `boot` itself but are not among `known`: a claim that was committed, and whose
    /// answer was lost, or one whose settlement could not be written.
    ///
    /// `known` is asked within the transaction. What ``submitRunning(_:start:boot:)`` may be storing must be among
    /// its answer; no ``claim(_:)`` may be under way.
    ///
    /// - Throws: ``StoreError``.
    func rescueOwnOrphans(
        boot: BootID,
        known: @escaping @Sendable () -> Set<JobID>,
        at now: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [Rescue]

    /// dead → queued, due at once; epoch + 1, counters and error cleared; with `model` the job asks for that one from now on.
    ///
    /// A job that had a deadline has the same time again, counted from `now`. Attempts and what they cost stay, and so does
    /// the idempotency key. `audit` is written where the job was queued, in the same transaction.
    ///
    /// - Throws: ``StoreError``.
    func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive

    /// queued → dead, for jobs past their own deadline (`expired`), and for those of `held` without one that were made and
    /// due before `heldSince`, which die of what stands there for their group. At most `limit` at a time.
    ///
    /// - Throws: ``StoreError``.
    func expire(
        at now: Timestamp,
        held: [JobGroup: ErrorClass],
        dueBefore heldSince: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [JobID]

    /// Takes input, output, result and idempotency key out of an ended job; the row and its attempts stay for accounting.
    ///
    /// Queued jobs that continue it, over however many steps, are dead (`previousGone`): the first ``JobLimits/withdrawn`` of them, and the
    /// others when their turn comes. Those that run go on.
    ///
    /// Its lines in the ledger lose their words: what the provider said, the conversation, and the names of models that are among
    /// `strangers`, since no price table knows them.
    ///
    /// Where it is done, what providers keep (`upstream`) is theirs to delete from then on, see ``UpstreamDeletionStore``.
    ///
    /// - Throws: ``StoreError``.
    func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        upstream: [KeptUpstream],
        strangers: Set<String>
    ) async throws(StoreError) -> Deletion
}
