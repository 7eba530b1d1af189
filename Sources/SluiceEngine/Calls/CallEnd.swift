package import SluiceStore
package import SluiceTypes

/// What a call came to, once it is committed.
package enum CallEnd: Sendable {
    /// The provider's own object; empty for a stream, whose chunks are in its log.
    ///
    /// `cost` is what it cost, in nano-dollars; nil where that has no price or is not known.
    case succeeded(body: [UInt8], cost: Int64?)
    indirect case failed(CallFailure)
    /// Its caller has left, or somebody cancelled the job, whatever the provider has done for it before.
    case cancelled(possiblyCharged: Bool)
    /// It was never stored, or not known to be: whatever the provider says is thrown away, and may have been paid for.
    case notStored(StoreError, wasSent: Bool)
    /// The job had been submitted before, under the same idempotency key.
    case replayed(JobID)
    /// The idempotency key belongs to another request.
    case keyReused
    /// What it continues is not there any more.
    case noParent
}
