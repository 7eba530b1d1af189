package import SluiceTypes

/// What of a job its spans tell, and where they stand: names and times, and nothing of what was asked or answered.
package struct TracedJob: Sendable, Hashable {
    package var id: JobID
    package var surface: Surface
    package var entry: JobEntry
    package var lane: Lane
    package var operation: SluiceTypes.Operation
    /// By its caller's name.
    package var model: String
    /// The caller's conversation; nil where it names none.
    package var session: String?
    package var createdAt: Timestamp
    /// When it was queued anew after it had died; nil for one that never was.
    package var redrivenAt: Timestamp?
    /// Where its caller's trace stood.
    package var context: TraceContext?

    package init(_ facts: JobFacts, _ context: TraceContext?) {
        id = facts.id
        surface = facts.terms.surface
        entry = facts.terms.entry
        lane = facts.terms.lane
        operation = facts.operation
        model = facts.model
        session = facts.terms.session
        createdAt = facts.createdAt
        redrivenAt = facts.redrivenAt
        self.context = context
    }
}

extension TracedJob {
    package init(_ claim: ClaimedJob) {
        self.init(claim.facts, claim.input.trace)
    }
}
