package import SluiceTypes

/// Reads of what attempts used and cost.
package protocol LedgerReader: Sendable {
    /// A job's lines, oldest first, whether the job is still there or not.
    ///
    /// - Throws: ``StoreError``.
    func lines(of job: JobID) async throws(StoreError) -> [LedgerLine]

    /// The newest lines of attempts that began at `moment` or later, of all owners, newest first.
    ///
    /// - Throws: ``StoreError``.
    func lines(since moment: Timestamp, limit: Int) async throws(StoreError) -> [LedgerLine]

    /// What was used and what it cost, in no order; sums of nothing are left out.
    ///
    /// - Throws: ``StoreError``.
    func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageSum]

    /// What stands in the ledger for a conversation that an owner's calls have named.
    func mark(of session: String, of owner: OwnerID) -> SessionMark
}
