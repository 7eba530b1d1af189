package import SluiceTypes

/// Reads of jobs.
///
/// They see what was committed before they began.
package protocol JobReader: Sendable {
    /// The job; nil when there is none, when it is another owner's, or when its bodies were deleted and an owner asks.
    ///
    /// - Throws: ``StoreError``.
    func job(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> JobRecord?

    /// The newest of the owner's jobs in `format` whose newest attempt, which is the one that brought the answer where there is one,
    /// got an answer that its provider called `upstreamID`; nil when there is none, or when the newest one's bodies were deleted.
    ///
    /// No provider is bound to call each answer otherwise.
    ///
    /// - Throws: ``StoreError``.
    func job(
        upstreamID: String,
        format: RequestFormat,
        owner: OwnerID
    ) async throws(StoreError) -> JobRecord?

    /// The owner's job `parent` and all that it continues, of one moment.
    ///
    /// - Throws: ``StoreError``.
    func lineage(
        of parent: JobID,
        owner: OwnerID,
        atMost limits: LineageLimits
    ) async throws(StoreError) -> Lineage

    /// Where the spans of a job stand, whosever it is; nil when there is none, and for a call of which nobody knows any more in whose trace
    /// it was.
    ///
    /// - Throws: ``StoreError``.
    func traced(_ id: JobID) async throws(StoreError) -> TracedJob?

    /// A page of jobs, newest first, those with deleted bodies left out for an owner.
    ///
    /// - Throws: ``StoreError``.
    func jobs(_ query: JobQuery) async throws(StoreError) -> JobPage

    /// A page of the ids of jobs that have not ended: queued ones and then running ones, owner by owner, each owner's newest first.
    ///
    /// It costs what has not ended, however many jobs have. A job that changes its state between two pages may be on both,
    /// or on neither.
    ///
    /// - Throws: ``StoreError``.
    func openJobs(_ query: OpenJobQuery) async throws(StoreError) -> OpenJobPage

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

    /// The ids of jobs from one to another, both included, the lowest first; at most so many.
    ///
    /// - Throws: ``StoreError``.
    func ids(from first: JobID, through last: JobID, limit: Int) async throws(StoreError) -> [JobID]

    /// How many jobs there are, of those kinds of which there are any.
    ///
    /// It is added up where jobs change their states, in that transaction; no job is counted for it.
    ///
    /// - Throws: ``StoreError``.
    func jobCounts() async throws(StoreError) -> [CountedJobs: Int]
}

extension JobReader {
    /// How many jobs stand in each state in which any stands.
    ///
    /// - Throws: ``StoreError``.
    package func counts() async throws(StoreError) -> [JobState: Int] { try await jobCounts().byState }
}
