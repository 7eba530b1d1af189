package import SluiceTypes

/// What a commit has changed of what was spent, and of what waits.
package struct SpendNews: Sendable, Hashable {
    /// How the windows stand now.
    package var spent: [SpendRecord]
    /// Those in which a mark was reached that had not been told, and is written down as told now.
    package var reached: [SpendRecord]
    /// Whose attempts were posted: nothing is set aside for these any more.
    package var posted: [JobID: Int64]
    /// What waits now of the owners and tokens of whom something has begun or ceased to wait, by their ids.
    package var queues: [String: QueueSize]

    package init(
        spent: [SpendRecord] = [],
        reached: [SpendRecord] = [],
        posted: [JobID: Int64] = [:],
        queues: [String: QueueSize] = [:]
    ) {
        self.spent = spent
        self.reached = reached
        self.posted = posted
        self.queues = queues
    }
}
