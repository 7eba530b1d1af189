package import SluiceTypes

/// What a deletion came to.
package enum Deletion: Sendable, Hashable {
    case deleted
    /// It has not ended.
    case active(JobState)
    case notFound
}
