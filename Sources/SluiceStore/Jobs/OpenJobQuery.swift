package import SluiceTypes

/// Which of the jobs that have not ended to find: for operators.
package struct OpenJobQuery: Sendable {
    /// Nil finds every owner's jobs.
    package var owner: OwnerID?
    /// Nil finds queued ones, then running ones.
    package var state: OpenState?
    /// Only jobs that ask for this model.
    package var model: String?
    /// Only jobs of this type.
    package var operation: Operation?
    /// Only jobs of this lane.
    package var lane: Lane?
    /// Only jobs that were made at or after this moment.
    package var since: Timestamp?
    /// Only jobs that were made before this moment.
    package var until: Timestamp?
    /// Only jobs whose caller has said all this of them; empty for any.
    package var metadata: MetadataFilter
    /// Only jobs behind this place: the `next` of the page before.
    package var after: OpenJobPlace?
    /// At most so many.
    package var limit: Int

    /// Asks for a page of what every given member fits.
    package init(
        owner: OwnerID? = nil,
        state: OpenState? = nil,
        model: String? = nil,
        operation: Operation? = nil,
        lane: Lane? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        metadata: MetadataFilter = MetadataFilter(),
        after: OpenJobPlace? = nil,
        limit: Int
    ) {
        self.owner = owner
        self.state = state
        self.model = model
        self.operation = operation
        self.lane = lane
        self.since = since
        self.until = until
        self.metadata = metadata
        self.after = after
        self.limit = limit
    }

    /// Where the walks that are left begin, in their order.
    package var places: [OpenJobPlace] {
        let first = after.flatMap { OpenState.allCases.firstIndex(of: $0.state) } ?? 0
        return OpenState.allCases[first...].filter { state == nil || state == $0 }.map { state in
            guard let after, after.state == state else { return .beginning(of: state) }
            return after
        }
    }
}
