package import SluiceTypes

/// A group that holds queued jobs.
package struct GroupState: Hashable, Sendable {
    package var group: JobGroup
    /// When its first job is due.
    package var nextRunAt: Timestamp
    /// Owners who have jobs in it, ``mostOwners`` of them at most.
    package var owners: Set<OwnerID>

    /// How many owners of a group are told: enough for owners to take turns between groups; within one the store sees to it.
    package static let mostOwners = 64

    package init(group: JobGroup, nextRunAt: Timestamp, owners: Set<OwnerID> = []) {
        self.group = group
        self.nextRunAt = nextRunAt
        self.owners = owners
    }
}
