package import SluiceTypes

/// Which jobs to list, newest first.
package struct JobQuery: Sendable {
    /// Nil lists every owner's jobs: for operators.
    package var owner: OwnerID?
    package var state: JobState?
    /// Only jobs that came in so.
    package var entry: JobEntry?
    package var model: String?
    package var errorClass: ErrorClass?
    /// Only jobs that ended (or, while they have not, were made) at or after this moment.
    package var since: Timestamp?
    /// Only jobs older than this one: the last id of the page before.
    package var after: JobID?
    package var limit: Int
    /// Without them a record's `input` and `result` are nil.
    package var withBodies: Bool

    package init(
        owner: OwnerID?,
        state: JobState? = nil,
        entry: JobEntry? = nil,
        model: String? = nil,
        errorClass: ErrorClass? = nil,
        since: Timestamp? = nil,
        after: JobID? = nil,
        limit: Int,
        withBodies: Bool = true
    ) {
        self.owner = owner
        self.state = state
        self.entry = entry
        self.model = model
        self.errorClass = errorClass
        self.since = since
        self.after = after
        self.limit = limit
        self.withBodies = withBodies
    }
}
