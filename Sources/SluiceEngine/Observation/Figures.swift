package import SluiceStore
package import SluiceTypes

/// How the gateway stands at a moment, in numbers.
package struct Figures: Sendable {
    /// How many jobs there are.
    package var counts: [CountedJobs: Int]
    /// What those wait for that are queued: all of them together.
    package var waiting: [WaitReason: Int]
    /// The groups in which something is queued, the largest first: each once for everything that is waited for in it.
    package var groups: [GroupFigures]
    package var rows: [RowStatus]
    /// The budgets of owners.
    package var budgets: [BudgetFigures]
    /// How often limits that are only tried would have refused something since the start.
    package var trials: [SpendingLimits.Kind: Int]
    /// Streams that are being told.
    package var streams: Int
    /// Bytes of streams since the start.
    package var streamBytes: Int
    /// The runs that have asked for longest, the longest first.
    package var slowest: [RunFigures]
    /// The names of owners.
    package var owners: [OwnerID: String]
    /// The API tokens that end soon, and that nobody has seen to.
    package var endingTokens: [TokenRecord]
    /// Nil where the store keeps no file.
    package var disk: DiskUse?
    /// Why the store takes nothing now; nil where it does.
    package var storeTrouble: String?
}

/// What is queued in a group and waits for the same.
package struct GroupFigures: Sendable, Hashable {
    package var group: JobGroup
    package var queued: Int
    package var reason: WaitReason
    /// What is waited for, a clause for operators; nil where it is nothing but a moment, or a place.
    package var detail: String?
    /// When it goes on by itself; nil where that is not known.
    package var until: Timestamp?
    /// How long the first job has been due; nil where none is.
    package var dueFor: Duration?
}

/// A job that runs here.
package struct RunFigures: Sendable, Hashable {
    package var job: JobID
    /// The row that it asks, or asked last.
    package var row: String?
    /// How long ago its first request went out.
    package var outFor: Duration
}

/// How a budget of an owner stands.
package struct BudgetFigures: Sendable, Hashable {
    package var owner: OwnerID
    /// All in nano-dollars.
    package var amount: Int64
    package var spent: Int64
    package var held: Int64
    /// When it begins anew; nil for never.
    package var ends: Timestamp?

    /// How much of it is spent; 1 is all of it.
    package var ratio: Double { share(of: spent) }

    /// How much of it a part is.
    package func share(of part: Int64) -> Double {
        amount > 0 ? Double(part) / Double(amount) : part > 0 ? 1 : 0
    }
}
