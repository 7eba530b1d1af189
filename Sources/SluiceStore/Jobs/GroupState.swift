package import SluiceTypes

/// A group that holds queued jobs.
package struct GroupState: Hashable, Sendable {
    package var group: JobGroup
    /// When its first job is due.
    package var nextRunAt: Timestamp

    package init(group: JobGroup, nextRunAt: Timestamp) {
        self.group = group
        self.nextRunAt = nextRunAt
    }
}
