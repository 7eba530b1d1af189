package import SluiceTypes

/// Reads of what attempts used and cost.
package protocol LedgerReader: Sendable {
    /// A job's lines, oldest first, whether the job is still there or not.
    ///
    /// - Throws: ``StoreError``.
    func lines(of job: JobID) async throws(StoreError) -> [LedgerLine]

    /// The sums of some days, each in days since 1970, UTC; in no order.
    ///
    /// - Throws: ``StoreError``.
    func usage(in days: ClosedRange<Int64>) async throws(StoreError) -> [UsageDay]
}
