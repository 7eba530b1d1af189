package import SluiceTypes

/// What operators do with a stored database as a whole.
///
/// A store that keeps nothing beyond its process has no keeper.
package protocol SnapshotStore: Sendable {
    /// Copies the whole store, as it is at one moment, into a new file at `path` while others use it.
    ///
    /// The file has that name only once it is whole, proved and flushed; where the copy fails, is cancelled, or the store
    /// closes, nothing is left of it. `onProgress` is called from the copying thread, often.
    ///
    /// - Throws: ``StoreError``: `refused` when there is something at `path` or nothing can be put there, `full` when its
    ///   disk has no room.
    func backup(
        to path: String,
        onProgress: @escaping @Sendable (BackupProgress) -> Void
    ) async throws(StoreError) -> BackupReport

    /// Looks at the whole store, as it is at one moment, while others use it.
    ///
    /// - Throws: ``StoreError`` when it can't be looked at; what is wrong with it stands in the report.
    func check() async throws(StoreError) -> CheckReport
}

/// What must hold of a stored database; `I1` to `I10` are the ten of `docs/jobs.md`.
package enum Guarantee: String, Sendable, CaseIterable {
    /// The file is whole: its pages, its indexes, the checks of its columns.
    case file
    /// The tables, indexes and triggers are those of this version.
    case structure
    case found = "I1"
    case endIsAnEnd = "I2"
    case oneResult = "I3"
    case epochGrows = "I4"
    case resultOfItsEpoch = "I5"
    case counters = "I6"
    case oneAttemptPerClaim = "I7"
    case somebodyRunsIt = "I8"
    case keys = "I9"
    case owners = "I10"
    /// What attempts used and cost is told once.
    case ledger
    /// What a job continues is there, and the two agree.
    case thread
    /// What was deleted is gone, all of it.
    case deletion
}

/// What a look at a whole store found.
package struct CheckReport: Sendable, Hashable {
    /// The version of the store's tables.
    package var schema: Int64
    package var jobs: [JobState: Int]
    /// Empty for a store that is sound.
    package var faults: [CheckFault]

    package init(schema: Int64, jobs: [JobState: Int], faults: [CheckFault]) {
        self.schema = schema
        self.jobs = jobs
        self.faults = faults
    }

    package var isSound: Bool { faults.isEmpty }
}

/// Something that should hold and does not.
package struct CheckFault: Sendable, Hashable {
    /// How many examples a fault has at most.
    package static let examples = 10

    package var guarantee: Guarantee
    /// What should hold: one clause.
    package var rule: String
    /// How often it does not.
    package var count: Int
    /// The first jobs it does not hold for.
    package var jobs: [JobID]
    /// What is to be told of the others: rows that belong to no job, and the database's own words.
    package var details: [String]

    package init(_ guarantee: Guarantee, _ rule: String, count: Int, jobs: [JobID] = [], details: [String] = []) {
        self.guarantee = guarantee
        self.rule = rule
        self.count = count
        self.jobs = jobs
        self.details = details
    }
}

/// A copy of the whole store that was made and proved.
package struct BackupReport: Sendable, Hashable {
    package var path: String
    package var bytes: Int64
    /// The version of its tables.
    package var schema: Int64
    package var jobs: [JobState: Int]

    package init(path: String, bytes: Int64, schema: Int64, jobs: [JobState: Int]) {
        self.path = path
        self.bytes = bytes
        self.schema = schema
        self.jobs = jobs
    }
}

/// How far a copy of the whole store has come.
package struct BackupProgress: Sendable, Hashable {
    /// What is being done.
    package enum Step: String, Sendable {
        case copying
        case checking
    }

    package var step: Step
    package var doneBytes: Int64
    package var totalBytes: Int64

    package init(_ step: Step, doneBytes: Int64, totalBytes: Int64) {
        self.step = step
        self.doneBytes = doneBytes
        self.totalBytes = totalBytes
    }
}
