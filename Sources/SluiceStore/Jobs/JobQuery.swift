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
    /// Only jobs whose newest attempt is at this provider row, by its name.
    package var provider: String?
    /// Only jobs that ended (or, while they have not, were made) at or after this moment.
    package var since: Timestamp?
    /// Only jobs that ended (or, while they have not, were made) before this moment.
    package var until: Timestamp?
    /// Only jobs whose caller has said all this of them; empty for any.
    package var metadata: MetadataFilter
    /// Only jobs older than this one: the last id of the page before.
    package var after: JobID?
    package var limit: Int
    /// The most jobs that are looked at for a page and are not in it.
    package var mostLooks = JobPage.mostLooks
    /// Without them a record's `input` and `result` are nil.
    package var withBodies: Bool

    package init(
        owner: OwnerID?,
        state: JobState? = nil,
        entry: JobEntry? = nil,
        model: String? = nil,
        errorClass: ErrorClass? = nil,
        provider: String? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        metadata: MetadataFilter = MetadataFilter(),
        after: JobID? = nil,
        limit: Int,
        withBodies: Bool = true
    ) {
        self.owner = owner
        self.state = state
        self.entry = entry
        self.model = model
        self.errorClass = errorClass
        self.provider = provider
        self.since = since
        self.until = until
        self.metadata = metadata
        self.after = after
        self.limit = limit
        self.withBodies = withBodies
    }
}
