package import SluiceTypes

/// What a job is: what it came in as, in each shape that a job has.
///
/// Nothing of it changes but what a redrive changes: ``redrivenAt``, and with another model ``model`` and ``route``.
package struct JobFacts: Sendable, Hashable {
    package var id: JobID
    package var owner: OwnerID
    /// For the audit and the ledger only; the job belongs to the owner.
    package var token: TokenID?
    package var operation: Operation
    package var model: String
    /// What may answer it: the model, as it was asked for.
    package var route: String
    package var terms: JobTerms
    /// How large what was asked is.
    package var size: RequestSize
    /// What it continues; nil for a job that begins anew.
    package var ancestry: Ancestry?
    package var createdAt: Timestamp
    /// When it was queued anew after it had died, the last time; nil for one that never was.
    package var redrivenAt: Timestamp?

    package init(
        id: JobID,
        owner: OwnerID,
        token: TokenID?,
        operation: Operation,
        model: String,
        route: String,
        terms: JobTerms,
        size: RequestSize,
        ancestry: Ancestry? = nil,
        createdAt: Timestamp,
        redrivenAt: Timestamp? = nil
    ) {
        self.id = id
        self.owner = owner
        self.token = token
        self.operation = operation
        self.model = model
        self.route = route
        self.terms = terms
        self.size = size
        self.ancestry = ancestry
        self.createdAt = createdAt
        self.redrivenAt = redrivenAt
    }

    /// Asks for another model from now on; what is bound to one account stays so.
    package mutating func ask(for model: String) {
        self.model = model
        route = ModelRoute(text: route).asking(model).text
    }

    package var group: JobGroup { JobGroup(lane: terms.lane, operation: operation, format: terms.format, route: route) }
}
