/// What waits of an owner, or of what was asked with a token.
package struct QueueSize: Sendable, Hashable {
    package var jobs: Int64
    /// Of what was asked, as it is kept.
    package var bytes: Int64

    package init(jobs: Int64 = 0, bytes: Int64 = 0) {
        self.jobs = jobs
        self.bytes = bytes
    }

    package static func + (left: QueueSize, right: QueueSize) -> QueueSize {
        QueueSize(jobs: left.jobs + right.jobs, bytes: left.bytes + right.bytes)
    }

    package static func - (left: QueueSize, right: QueueSize) -> QueueSize {
        QueueSize(jobs: left.jobs - right.jobs, bytes: left.bytes - right.bytes)
    }
}
