package import SluiceTypes

/// An orphan and what became of it.
package struct Rescue: Sendable, Hashable {
    package var id: JobID
    /// Nil where it can't be read; then the job is dead.
    package var group: JobGroup?
    package var state: JobState
    /// Set for one that is dead: `poison` at the limit, `corrupt` where it can't be read, else `interrupted`.
    package var errorClass: ErrorClass?

    package init(id: JobID, group: JobGroup?, state: JobState, errorClass: ErrorClass?) {
        self.id = id
        self.group = group
        self.state = state
        self.errorClass = errorClass
    }
}
