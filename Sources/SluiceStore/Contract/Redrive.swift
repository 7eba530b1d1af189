package import SluiceTypes

/// What a redrive came to.
package enum Redrive: Sendable, Hashable {
    case queued(JobGroup)
    case notDead(JobState)
    /// The bodies were deleted, or never recorded: there is nothing to send.
    case deleted
    /// Its caller asked that it not be stored, so what was asked goes shortly after its end.
    case notKept
    /// What it continues was deleted.
    case noParent
    /// Its idempotency key was handed on to that job, which asks the same.
    case superseded(by: JobID)
    case notFound
}
