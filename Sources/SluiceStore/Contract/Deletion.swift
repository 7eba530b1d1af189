package import SluiceTypes

/// What a deletion came to.
package enum Deletion: Sendable, Hashable {
    /// It is done; `dead` are the queued jobs that continued it, which have died of that (``ErrorClass/previousGone``).
    case deleted(dead: [JobID] = [])
    /// It has not ended.
    case active(JobState)
    case notFound
}
