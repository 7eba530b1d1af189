package import SluiceTypes

/// What a job is: what it came in as, in each shape that a job has.
///
/// Nothing of it changes but what a redrive to another model changes: ``model`` and ``route``.
package struct JobFacts: Sendable, Hashable {
    package var id: JobID
    package var owner: OwnerID
    /// For the audit only; the job belongs to the owner.
    package var token: TokenID?
    package var operation: Operation
    package var model: String
    /// What may answer it: the model, as it was asked for.
    package var route: String
    package var terms: JobTerms
    package var createdAt: Timestamp

    package init(
        id: JobID,
        owner: OwnerID,
        token: TokenID?,
        operation: Operation,
        model: String,
        route: String,
        terms: JobTerms,
        createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.token = token
        self.operation = operation
        self.model = model
        self.route = route
        self.terms = terms
        self.createdAt = createdAt
    }

    /// Asks for another model from now on.
    package mutating func ask(for model: String) {
        self.model = model
        route = model
    }

    package var group: JobGroup { JobGroup(lane: terms.lane, operation: operation, route: route) }
}

/// A shape of a job: as it comes in, as it is worked on, as it is shown.
package protocol JobShape {
    var facts: JobFacts { get }
}

extension JobShape {
    package var id: JobID { facts.id }
    package var owner: OwnerID { facts.owner }
    package var token: TokenID? { facts.token }
    package var operation: Operation { facts.operation }
    package var model: String { facts.model }
    package var terms: JobTerms { facts.terms }
    package var surface: Surface { facts.terms.surface }
    package var format: RequestFormat { facts.terms.format }
    package var stream: Bool { facts.terms.stream }
    package var lane: Lane { facts.terms.lane }
    package var onUnknown: OnUnknown { facts.terms.onUnknown }
    package var createdAt: Timestamp { facts.createdAt }
    package var retryOf: JobID? { facts.terms.retryOf }
    package var group: JobGroup { facts.group }
}
