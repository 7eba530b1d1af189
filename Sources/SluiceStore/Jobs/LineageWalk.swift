package import SluiceTypes

/// A walk from a job back to the first of its thread, which ends where it is no use to go on.
///
/// A store adds job by job, and reads the bodies of those alone that have room.
package struct LineageWalk: Sendable {
    private var found: [Ancestor] = []
    private var bytes = 0
    /// The job that has to come next; nil behind the first of the thread.
    private var awaited: JobID?
    /// What came of it, where that is not the whole.
    private var end: Lineage?
    private let limits: LineageLimits

    /// A walk that begins at `parent`.
    package init(from parent: JobID, _ limits: LineageLimits) {
        awaited = parent
        self.limits = limits
    }

    /// Takes the next job, with so many bytes in its bodies, which `read` reads where it is told so; false where the walk ends.
    package mutating func add<Failure: Error>(
        _ job: Predecessor,
        bytes size: Int,
        read: (_ withBodies: Bool) throws(Failure) -> Ancestor
    ) throws(Failure) -> Bool {
        if limits.readsBodies { bytes += size }
        if !job.isOffered {
            end = .broken(job.id)
        } else if found.count == limits.turns {
            end = .tooLong
        } else if bytes > limits.bytes {
            end = .tooLarge
        } else {
            found.append(try read(limits.readsBodies))
            awaited = job.ancestry?.previous
            return awaited != nil
        }
        return false
    }

    /// What came of the walk, once there is no next job.
    package var lineage: Lineage {
        end ?? awaited.map { .broken($0) } ?? .whole(found.reversed())
    }
}
