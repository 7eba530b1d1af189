import SluiceProvider
import SluiceTypes

/// The right to make one call with a member; given back when the call is over.
///
/// Several rights that differ in nothing may be one object.
final class Permit: Sendable {
    /// The marks of the probes that a call is, see ``Probe``; nil for what it finds out nothing of.
    struct Marks: Hashable, Sendable {
        var key: Duration?
        var origin: Duration?
        var account: Duration?
        var window: Duration?
        var breaker: Duration?
        var row: Duration?
        var suspicion: Duration?
    }

    let choice: Choice
    /// Whether it is for a job of the queue.
    let isQueued: Bool
    /// Nil for a call that finds out nothing.
    let marks: Marks?

    init(_ choice: Choice, isQueued: Bool, marks: Marks?) {
        self.choice = choice
        self.isQueued = isQueued
        self.marks = marks
    }

    /// True for a call that finds out something for others.
    var isProbe: Bool { marks != nil }

    var member: Member { choice.member }

    var row: ProviderRow { member.row }

    /// The model's name as the provider knows it.
    var upstream: String { choice.upstream }

    var credential: String? { member.credential?.slot }

    var secret: Secret? { member.credential?.secret }

    var name: ChoiceName { choice.name }
}
