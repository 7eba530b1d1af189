package import SluiceTypes

/// Changes of what lines of the ledger cost, after the fact.
///
/// A run changes lines by slices. What a line said before stands beside it, so that the run can be taken back: until what it used is
/// told anew, and as long as the line is kept.
package protocol RepricingStore: Sendable {
    /// Begins a run, or goes on with the newest one where that is of the same kind and was broken off; every other is over then.
    ///
    /// `audit` gets the run's number as its subject.
    ///
    /// - Throws: ``StoreError``.
    func beginRun(_ kind: LedgerRun.Kind, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> LedgerRun

    /// A run by its number; nil for none, or one of which no line is kept.
    ///
    /// - Throws: ``StoreError``.
    func run(_ id: Int64) async throws(StoreError) -> LedgerRun?

    /// The lines that a query is about among the next `limit` of all behind a place, oldest first.
    ///
    /// - Throws: ``StoreError``.
    func lines(
        _ query: RepricingQuery,
        after place: LedgerCursor?,
        limit: Int
    ) async throws(StoreError) -> LedgerPage

    /// When the oldest attempt began whose line is kept; nil for an empty ledger.
    ///
    /// - Throws: ``StoreError``.
    func oldestLine() async throws(StoreError) -> Timestamp?

    /// The lines behind a place, by job and epoch, that a run has changed; at most `limit`.
    ///
    /// - Throws: ``StoreError``.
    func changes(
        of run: Int64,
        after place: (job: JobID, epoch: Int64)?,
        limit: Int
    ) async throws(StoreError) -> [ChangedLine]

    /// Changes lines in a run, the sums of their days and of budgets with them, in one transaction; a line that does not say any more what
    /// it was decided by stays as it is.
    ///
    /// - Throws: ``StoreError``.
    func change(_ changes: [LedgerChange], in run: Int64) async throws(StoreError) -> LedgerChange.Outcome

    /// Ends a run.
    ///
    /// - Throws: ``StoreError``.
    func endRun(_ id: Int64, at now: Timestamp, audit: AuditEntry) async throws(StoreError)
}
