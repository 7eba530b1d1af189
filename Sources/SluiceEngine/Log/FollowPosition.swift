import SluiceStore

/// What comes of looking for a position to follow a job from.
package enum FollowPosition: Sendable {
    case found(FollowStart)
    /// There is no such job, for this owner.
    case notFound
    /// The job's log has no such position.
    case noSuchPosition
    /// Another version wrote the log.
    case unreadable
}
