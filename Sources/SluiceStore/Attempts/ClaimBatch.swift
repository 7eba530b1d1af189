package import SluiceTypes

/// Claims handed over one by one: arrays can't hold values that must not be copied.
package struct ClaimBatch: ~Copyable, Sendable {
    private var jobs: [ClaimedJob]
    /// When the group's next job is due, what was claimed left out; nil when the group holds nothing more.
    ///
    /// A moment that is past tells that some job is due already, not which one has been for the longest.
    package let nextRunAt: Timestamp?
    /// Due jobs that were past their deadline, or could not be read, and are dead now.
    package let expired: [JobID]

    /// Takes jobs that were marked as running in one transaction.
    package init(_ jobs: [ClaimedJob], nextRunAt: Timestamp?, expired: [JobID] = []) {
        self.jobs = jobs.reversed()
        self.nextRunAt = nextRunAt
        self.expired = expired
    }

    /// How many claims are left.
    package var count: Int { jobs.count }

    /// The next claim, in the order in which the jobs were due; nil when all have been handed over.
    package mutating func next() -> Claim? {
        jobs.popLast().map { Claim($0) }
    }

    deinit {
        assert(jobs.isEmpty, "\(jobs.count) claims were dropped with their batch")
    }
}
