package import SluiceTypes

/// What a job is: what it came in as, in each shape that a job has.
///
/// Nothing of it changes but what a redrive to another model changes: ``model`` and ``route``.
package struct JobFacts: Sendable, Hashable {
    package var id: JobID
    package var owner: OwnerID
    /// For the audit only; the job belongs to the owner.
    package var token: TokenID?
    package var surface: Surface
    package var entry: JobEntry
    package var operation: Operation
    package var model: String
    /// What may answer it: the model, as it was asked for.
    package var route: String
    /// How its input is read.
    package var format: RequestFormat
    package var stream: Bool
    /// The caller's conversation, for reports; nil where it names none.
    package var session: String?
    package var lane: Lane
    /// How many failures that count end it.
    package var tries: Int
    package var onUnknown: OnUnknown
    package var createdAt: Timestamp
    /// The failed job that this one repeats for a caller who tried again.
    package var retryOf: JobID?

    package init(
        id: JobID,
        owner: OwnerID,
        token: TokenID? = nil,
        surface: Surface,
        entry: JobEntry = .queue,
        operation: Operation,
        model: String,
        format: RequestFormat,
        stream: Bool = false,
        session: String? = nil,
        lane: Lane,
        tries: Int = JobLimits.tries,
        onUnknown: OnUnknown,
        createdAt: Timestamp,
        retryOf: JobID? = nil
    ) {
        self.id = id
        self.owner = owner
        self.token = token
        self.surface = surface
        self.entry = entry
        self.operation = operation
        self.model = model
        route = model
        self.format = format
        self.stream = stream
        self.session = session
        self.lane = lane
        self.tries = tries
        self.onUnknown = onUnknown
        self.createdAt = createdAt
        self.retryOf = retryOf
    }

    /// Asks for another model from now on.
    package mutating func ask(for model: String) {
        self.model = model
        route = model
    }

    package var group: JobGroup { JobGroup(lane: lane, operation: operation, route: route) }
}

/// A shape of a job: as it comes in, as it is worked on, as it is shown.
package protocol JobShape {
    var facts: JobFacts { get }
}

extension JobShape {
    package var id: JobID { facts.id }
    package var owner: OwnerID { facts.owner }
    package var token: TokenID? { facts.token }
    package var surface: Surface { facts.surface }
    package var operation: Operation { facts.operation }
    package var model: String { facts.model }
    package var stream: Bool { facts.stream }
    package var lane: Lane { facts.lane }
    package var onUnknown: OnUnknown { facts.onUnknown }
    package var createdAt: Timestamp { facts.createdAt }
    package var retryOf: JobID? { facts.retryOf }
    package var group: JobGroup { facts.group }
}
