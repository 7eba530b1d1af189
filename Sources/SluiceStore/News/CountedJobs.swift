package import SluiceTypes

/// Jobs that are counted together: those of a lane that have ended in one way, a group's that run, or an owner's in a group that wait.
package struct CountedJobs: Sendable, Hashable {
    package var state: JobState
    package var entry: JobEntry
    package var lane: Lane
    /// Nil of ended jobs, of which it would be kept for as long as they are.
    package var group: JobGroup?
    /// Whose jobs wait, since what for may differ from owner to owner; nil of all others.
    package var owner: OwnerID?

    package init(_ state: JobState, _ kind: JobKind) {
        self.init(
            state,
            kind.entry,
            kind.group.lane,
            group: state.isTerminal ? nil : kind.group,
            owner: state == .queued ? kind.owner : nil
        )
    }

    package init(_ state: JobState, _ entry: JobEntry, _ lane: Lane, group: JobGroup? = nil, owner: OwnerID? = nil) {
        self.owner = owner
        self.state = state
        self.entry = entry
        self.lane = lane
        self.group = group
    }
}

extension [CountedJobs: Int] {
    /// How many stand in each state in which any stands.
    package var byState: [JobState: Int] {
        reduce(into: [:]) { counts, kind in counts[kind.key.state, default: 0] += kind.value }
    }
}
