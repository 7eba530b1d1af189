import SluiceStore
import SluiceTypes

/// Where a ``JobFollower`` begins.
package struct FollowStart: Sendable {
    let id: JobID
    let owner: OwnerID?
    let position: LogPosition
    /// Held on to, so that it is not read again.
    let log: JobLog?
}
