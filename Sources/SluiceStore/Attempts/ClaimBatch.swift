package import SluiceTypes

/// Claims handed over one by one: arrays can't hold values that must not be copied.
package struct ClaimBatch: ~Copyable, Sendable {
    private var waiting: [ClaimedJob]
    /// When the group's next job is due, what was claimed left out; nil when the group holds nothing more.
    ///
    /// A moment that is past tells that some job is due already, not which one has been for the longest.
    package let nextRunAt: Timestamp?
    /// Owners with jobs that were stepped over, since nothing was left for theirs; ``nextRunAt`` does not speak of these.
    package let skipped: Set<OwnerID>
    /// Whether jobs were stepped over of owners who may have none now by what they may do themselves; ``nextRunAt`` does not speak of
    /// these.
    package let steppedOver: Bool
    /// Due jobs that were past their deadline, or could not be read, and are dead now.
    package let expired: [JobID]

    /// Takes jobs that were marked as running in one transaction.
    package init(
        _ jobs: [ClaimedJob],
        nextRunAt: Timestamp?,
        skipped: Set<OwnerID> = [],
        steppedOver: Bool = false,
        expired: [JobID] = []
    ) {
        self.steppedOver = steppedOver
        waiting = jobs.reversed()
        self.nextRunAt = nextRunAt
        self.skipped = skipped
        self.expired = expired
    }

    /// How many claims are left.
    package var count: Int { waiting.count }

    /// The jobs of those that are left, in the same order.
    package var jobs: [ClaimedJob] { waiting.reversed() }

    /// The next claim, in the order in which the jobs were due; nil when all have been handed over.
    package mutating func next() -> Claim? {
        waiting.popLast().map { Claim($0) }
    }

    deinit {
        assert(waiting.isEmpty, "\(waiting.count) claims were dropped with their batch")
    }
}
