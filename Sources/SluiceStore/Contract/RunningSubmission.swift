package import SluiceTypes

/// What a submission that starts at once came to.
package enum RunningSubmission: ~Copyable, Sendable {
    /// A new job, committed as running at epoch 1.
    case started(Claim)
    /// See ``Submission/replayed(_:)``.
    case replayed(JobID)
    /// See ``Submission/keyReused``.
    case keyReused
    /// See ``Submission/noParent``.
    case noParent
}
