package import SluiceTypes

/// What a submission came to.
package enum Submission: Sendable, Hashable {
    /// A new job, committed.
    case created(JobID)
    /// The same idempotency key and fingerprint were seen before: this is that job. Nothing was stored.
    ///
    /// A key whose job ended without an answer and surely cost nothing is handed on instead; see ``KeyHandover``.
    case replayed(JobID)
    /// The idempotency key belongs to another request. Nothing was stored.
    case keyReused
    /// What it continues is not there any more, or can't be continued; see ``Predecessor/offers(itselfTo:)``. Nothing was stored.
    case noParent
}
