package import SluiceTypes

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
    package var ancestry: Ancestry? { facts.ancestry }
    /// The first job of the thread that it belongs to, which may be itself.
    package var thread: JobID { facts.ancestry?.thread ?? facts.id }
    package var createdAt: Timestamp { facts.createdAt }
    package var retryOf: JobID? { facts.terms.retryOf }
    package var group: JobGroup { facts.group }
}
