package import SluiceTypes

/// Jobs that are counted together: those of a lane that have ended in one way, or a group's that wait or run.
package struct CountedJobs: Sendable, Hashable {
    package var state: JobState
    package var entry: JobEntry
    package var lane: Lane
    /// Nil of ended jobs, of which it would be kept for as long as they are.
    package var group: JobGroup?

    package init(_ state: JobState, _ kind: JobKind) {
        self.init(state, kind.entry, kind.group.lane, group: state.isTerminal ? nil : kind.group)
    }

    package init(_ state: JobState, _ entry: JobEntry, _ lane: Lane, group: JobGroup?) {
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
