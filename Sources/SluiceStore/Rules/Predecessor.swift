package import SluiceTypes

/// A job as one that takes up its answer has to know it.
package struct Predecessor: Sendable, Hashable {
    package var id: JobID
    package var owner: OwnerID
    package var ancestry: Ancestry?
    /// Nil for a word that this version does not know.
    package var state: JobState?
    /// See ``JobTerms/keepsBodies``.
    package var keepsBodies: Duration?
    /// True when what was asked and answered is there: it was neither deleted nor, by the operator's wish, never recorded.
    package var hasBodies: Bool

    package init(
        id: JobID,
        owner: OwnerID,
        ancestry: Ancestry?,
        state: JobState?,
        keepsBodies: Duration?,
        hasBodies: Bool
    ) {
        self.id = id
        self.owner = owner
        self.ancestry = ancestry
        self.state = state
        self.keepsBodies = keepsBodies
        self.hasBodies = hasBodies
    }

    /// Whether its answer can be taken up: what goes shortly after its end can't.
    package var isOffered: Bool { state == .succeeded && keepsBodies == nil && hasBodies }

    /// Whether `job`, which names it, may be stored: it is the same owner's, and the job stands in its thread, one step behind it.
    package func offers(itselfTo job: NewJob) -> Bool {
        guard Promise.parentIsThere.holds else { return true }
        return isOffered && owner == job.owner && job.ancestry == Ancestry(continuing: id, ancestry)
    }
}
