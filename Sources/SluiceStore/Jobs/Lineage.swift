package import SluiceTypes

/// What a job continues: its parent, and all that the parent continues.
package enum Lineage: Sendable {
    /// All of it, the first job of the thread before all others and the parent last.
    case whole([Ancestor])
    /// It has more jobs than were asked for.
    case tooLong
    /// It has more bytes than were asked for.
    case tooLarge
    /// This job of it is not there, is another owner's, has not succeeded, or what was asked and answered is not kept.
    case broken(JobID)
}
