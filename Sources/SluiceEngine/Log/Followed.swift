package import SluiceStore

/// What a ``JobFollower`` tells.
package enum Followed: Sendable {
    /// Another attempt than the one before: its log is told from the beginning.
    case attempt(AttemptRecord)
    /// The next entries of the attempt's log.
    case entries(LogPiece)
    /// Nothing, for as long as was waited.
    case nothing
    /// The job has ended, and all of its newest attempt was told.
    case end(JobRecord)
    /// The engine stops, the task was cancelled, whoever follows has gone, or the job was deleted: there is nothing more to be learnt here.
    case stopped
}
