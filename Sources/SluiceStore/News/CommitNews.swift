package import SluiceTypes

/// What a commit has changed: told after it, from the store's own thread, and before whoever waits for it is answered.
///
/// It holds numbers and names, and nothing of what was asked or answered.
package struct CommitNews: Sendable, Hashable {
    /// Jobs that came in, or are in another state now, in the order in which that happened.
    package var moves: [JobMove]
    /// Attempts that were closed for the first time.
    package var attempts: [AttemptEnding]
    /// Spans that have ended, where somebody wants to know.
    package var spans: [EndedSpan]
    /// What was added to the ledger.
    package var postings: [LedgerPosting]
    /// What was told of attempts whose lines stand as they were.
    package var ignored: Int
    /// How many jobs there are now of those kinds whose numbers have changed; 0 for none any more.
    package var counts: [CountedJobs: Int]
    /// What waits now of the owners and tokens of whom something has begun or ceased to wait, by their ids.
    package var queues: [String: QueueSize]
    /// True where ``counts`` and ``queues`` are all there are: what was told of them before is of no account.
    package var isWhole: Bool
    /// How the windows of budgets stand now.
    package var spent: [SpendRecord]
    /// Those in which a mark was reached that had not been told, and is written down as told now.
    package var reached: [SpendRecord]
    /// Whose attempts were posted: nothing is set aside for these any more.
    package var posted: [JobID: Int64]
    /// How many operations were committed together.
    package var operations: Int
    /// How long the commit took, with its flush to the disk.
    package var flush: Duration

    package init(
        moves: [JobMove] = [],
        attempts: [AttemptEnding] = [],
        spans: [EndedSpan] = [],
        postings: [LedgerPosting] = [],
        ignored: Int = 0,
        counts: [CountedJobs: Int] = [:],
        queues: [String: QueueSize] = [:],
        isWhole: Bool = false,
        spent: [SpendRecord] = [],
        reached: [SpendRecord] = [],
        posted: [JobID: Int64] = [:],
        operations: Int = 1,
        flush: Duration = .zero
    ) {
        self.moves = moves
        self.attempts = attempts
        self.spans = spans
        self.postings = postings
        self.ignored = ignored
        self.counts = counts
        self.queues = queues
        self.isWhole = isWhole
        self.spent = spent
        self.reached = reached
        self.posted = posted
        self.operations = operations
        self.flush = flush
    }
}
