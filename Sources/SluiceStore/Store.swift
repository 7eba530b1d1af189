package import SluiceTypes

/// All that a durable store promises.
///
/// Every implementation passes `StoreConformance`.
package protocol Store: JobStore, RetentionStore, JobReader, TokenStore, AuditStore, ConfigStore, StoreProof {}

/// Whether a store is well.
package protocol StoreProof: Sendable {
    /// Proves, by writing, that the store can write now.
    ///
    /// - Throws: ``StoreError`` when it can't.
    func checkWritable() async throws(StoreError)
}

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

    /// queued → dead (`expired`), for jobs past their own deadline, and for those of `held` without one that were made and
    /// due before `heldSince`. At most `limit` at a time.
    ///
    /// - Throws: ``StoreError``.
    func expire(
        at now: Timestamp,
        held: [JobGroup],
        dueBefore heldSince: Timestamp,
        limit: Int
    ) async throws(StoreError) -> [JobID]

    /// Takes input, output, result and idempotency key out of an ended job; the row and its attempts stay for accounting.
    ///
    /// - Throws: ``StoreError``.
    func deleteBodies(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> Deletion
}

/// Reads of jobs.
///
/// They see what was committed before they began.
package protocol JobReader: Sendable {
    /// The job; nil when there is none, when it is another owner's, or when its bodies were deleted and an owner asks.
    ///
    /// - Throws: ``StoreError``.
    func job(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> JobRecord?

    /// A page of jobs, newest first, those with deleted bodies left out for an owner.
    ///
    /// - Throws: ``StoreError``.
    func jobs(_ query: JobQuery) async throws(StoreError) -> JobPage

    /// What a submission under this key would be answered at `now`, had it that fingerprint: ``Submission/replayed(_:)``
    /// or ``Submission/keyReused``; nil where it would make a new job.
    ///
    /// - Throws: ``StoreError``.
    func submission(
        owner: OwnerID,
        key: String,
        fingerprint: [UInt8],
        at now: Timestamp
    ) async throws(StoreError) -> Submission?

    /// A job's attempts, oldest first; nil where `job` answers nil.
    ///
    /// - Throws: ``StoreError``.
    func attempts(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> [AttemptRecord]?

    /// How a job stands, without its bodies, and with `withLog` its newest attempt's log; nil where `job` answers nil.
    ///
    /// All of it is of one moment: an attempt that has ended comes with the log that was stored with its end.
    ///
    /// - Throws: ``StoreError``.
    func progress(_ id: JobID, owner: OwnerID?, withLog: Bool) async throws(StoreError) -> JobProgress?

    /// Every group that holds queued jobs, found without reading them all.
    ///
    /// - Throws: ``StoreError``.
    func groups() async throws(StoreError) -> [GroupState]

    /// How many jobs stand in each state. It counts rows: for operators, not for every request.
    ///
    /// - Throws: ``StoreError``.
    func counts() async throws(StoreError) -> [JobState: Int]
}

/// Owners and API tokens.
///
/// What changes them writes its audit line in the same transaction.
package protocol TokenStore: Sendable {
    /// Stores a new API token, and its owner where `newOwner` is given.
    ///
    /// - Throws: ``StoreError``.
    func insert(_ token: TokenRecord, newOwner: OwnerRecord?, audit: AuditEntry) async throws(StoreError) -> Insertion

    /// Stores `successor`, names it on `old` and lets `old` end at `oldEndsAt`, or at its own end if that is earlier.
    ///
    /// - Throws: ``StoreError``.
    func rotate(
        _ old: TokenID,
        to successor: TokenRecord,
        oldEndsAt: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> Rotation

    /// Ends an API token at `now`; one that is revoked already keeps its first moment. False when there is none.
    ///
    /// - Throws: ``StoreError``.
    func revoke(_ id: TokenID, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> Bool

    /// Writes down when API tokens were last used; an earlier moment than the stored one changes nothing.
    ///
    /// - Throws: ``StoreError``.
    func touch(_ uses: [TokenID: Timestamp]) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func token(_ id: TokenID) async throws(StoreError) -> TokenRecord?

    /// All API tokens, or one owner's, oldest first.
    ///
    /// - Throws: ``StoreError``.
    func tokens(owner: OwnerID?) async throws(StoreError) -> [TokenRecord]

    /// - Throws: ``StoreError``.
    func owner(_ id: OwnerID) async throws(StoreError) -> OwnerRecord?

    /// - Throws: ``StoreError``.
    func owner(named name: String) async throws(StoreError) -> OwnerRecord?

    /// All owners, oldest first.
    ///
    /// - Throws: ``StoreError``.
    func owners() async throws(StoreError) -> [OwnerRecord]
}

/// The audit, append-only.
package protocol AuditStore: Sendable {
    /// - Throws: ``StoreError``.
    func append(_ entry: AuditEntry) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func audit(_ query: AuditQuery) async throws(StoreError) -> [AuditEntry]
}

/// Configurations that attempts used, so that an attempt's row can be shown after a reload.
package protocol ConfigStore: Sendable {
    /// Keeps a row's configuration under its hash; one that is known stays as it is.
    ///
    /// - Throws: ``StoreError``.
    func record(config json: [UInt8], hash: String, at now: Timestamp) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func config(_ hash: String) async throws(StoreError) -> [UInt8]?
}

/// What a cancellation came to.
package enum Cancellation: Sendable, Hashable {
    /// It is cancelled; `wasRunning` tells that an attempt may be on its way.
    case cancelled(wasRunning: Bool)
    /// It had ended before.
    case ended(JobState)
    case notFound
}

/// An orphan and what became of it.
package struct Rescue: Sendable, Hashable {
    package var id: JobID
    /// Nil where it can't be read; then the job is dead.
    package var group: JobGroup?
    package var state: JobState
    /// Set for one that is dead: `poison` at the limit, `corrupt` where it can't be read, else `interrupted`.
    package var errorClass: ErrorClass?

    package init(id: JobID, group: JobGroup?, state: JobState, errorClass: ErrorClass?) {
        self.id = id
        self.group = group
        self.state = state
        self.errorClass = errorClass
    }
}

/// What a redrive came to.
package enum Redrive: Sendable, Hashable {
    case queued(JobGroup)
    case notDead(JobState)
    /// The bodies were deleted, or never recorded: there is nothing to send.
    case deleted
    /// Its idempotency key was handed on to that job, which asks the same.
    case superseded(by: JobID)
    case notFound
}

/// What a deletion came to.
package enum Deletion: Sendable, Hashable {
    case deleted
    /// It has not ended.
    case active(JobState)
    case notFound
}

/// What the insertion of an API token came to.
package enum Insertion: Sendable, Hashable {
    case inserted
    /// An owner of that name exists.
    case ownerExists
    /// The token names an owner who does not.
    case ownerMissing
}

/// What a rotation came to.
package enum Rotation: Sendable, Hashable {
    case rotated
    case notFound
    /// The old one was revoked, has expired, or was rotated before, to the one given.
    case ended(replacedBy: TokenID?)
}
