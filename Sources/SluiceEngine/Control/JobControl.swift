package import SluiceStore
package import SluiceTypes

/// What changes a stored job from outside: the running engine, or ``OfflineJobs`` where none runs.
///
/// An `audit` line goes down in the transaction that makes the change, and not without one.
package protocol JobControl: Sendable {
    /// Cancels a job and, where it runs, closes its call.
    ///
    /// - Throws: `StoreError`.
    func cancel(_ id: JobID, owner: OwnerID?, audit: AuditEntry?) async throws(StoreError) -> Cancellation

    /// Queues a dead job again, for another model of its operation where `model` is given.
    ///
    /// - Throws: `StoreError`.
    func redrive(
        _ id: JobID,
        owner: OwnerID?,
        model: String?,
        audit: AuditEntry?
    ) async throws(StoreError) -> Redrive

    /// Takes what was asked and answered out of an ended job; its attempts stay for accounting. What providers keep of it (`upstream`)
    /// is theirs to delete from then on.
    ///
    /// - Throws: `StoreError`.
    func deleteBodies(
        _ id: JobID,
        owner: OwnerID?,
        upstream: [KeptUpstream]
    ) async throws(StoreError) -> Deletion
}
