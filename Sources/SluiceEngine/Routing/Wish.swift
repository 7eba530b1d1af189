import SluiceStore
import SluiceTypes

/// What is asked for when a call needs a permit.
struct Wish: Sendable {
    var key: RouteKey
    /// Whose call it is; nil for jobs of the queue of which nobody knows yet whose they are: whoever is not named.
    var owner: OwnerID?
    var isQueued: Bool
    /// The caller's conversation, which goes where it went before; nil for none.
    var session: UInt64?
    /// With whose account the answer was given that the call takes up: who has it is asked before others, and who may not be told it
    /// is not asked; nil for a call that takes up none.
    var history: String?
    /// Who is not asked again.
    var besides: Set<ChoiceName> = []
    /// Models that are not asked, since they are too small for the request.
    var tooSmall: Set<String> = []

    init(_ group: JobGroup, owner: OwnerID?, isQueued: Bool, session: UInt64? = nil) {
        key = group.key
        self.owner = owner
        self.isQueued = isQueued
        self.session = session
    }

    /// Whether it may be asked in this way.
    func takes(_ choice: Choice) -> Bool {
        (besides.isEmpty || !besides.contains(choice.name)) && (tooSmall.isEmpty || !tooSmall.contains(choice.model))
            && (history == nil || choice.mayBeTold(historyOf: history))
    }
}
