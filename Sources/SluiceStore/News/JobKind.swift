package import SluiceTypes

/// What tells jobs apart where they are counted.
package struct JobKind: Sendable, Hashable {
    package var surface: Surface
    package var entry: JobEntry
    package var group: JobGroup
    package var owner: OwnerID

    package init(_ surface: Surface, _ entry: JobEntry, _ group: JobGroup, _ owner: OwnerID) {
        self.owner = owner
        self.surface = surface
        self.entry = entry
        self.group = group
    }

    package init(_ facts: JobFacts) {
        self.init(facts.terms.surface, facts.terms.entry, facts.group, facts.owner)
    }
}
