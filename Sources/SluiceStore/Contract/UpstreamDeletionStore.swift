package import SluiceTypes

/// What providers have to delete; ``JobStore/deleteBodies(_:owner:at:upstream:)`` puts it down.
package protocol UpstreamDeletionStore: Sendable {
    /// Hands out what is due, at most `limit`, each due again at `again` unless it is finished or put off before: whoever dies over
    /// one has it tried once more. What is past its time is taken out, as many at once.
    ///
    /// - Throws: ``StoreError``; then nothing was handed out.
    func claimUpstreamDeletions(
        at now: Timestamp,
        dueAgainAt again: Timestamp,
        limit: Int
    ) async throws(StoreError) -> UpstreamDeletionBatch

    /// Takes out one that is done, or never will be; one that is not there any more changes nothing.
    ///
    /// - Throws: ``StoreError``.
    func finishUpstreamDeletion(_ id: Int64) async throws(StoreError)

    /// Puts off one that failed; one that is not there any more changes nothing.
    ///
    /// - Throws: ``StoreError``.
    func putOffUpstreamDeletion(_ id: Int64, until moment: Timestamp) async throws(StoreError)
}
