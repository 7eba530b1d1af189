import SluiceProvider

/// How a job's request was put to an account: what is told of it, and decided by it, afterwards.
struct Rendition: Sendable {
    /// Whether it could be put at all.
    var isAsked = false
    /// Whether the account was to go on from an answer that it keeps.
    var isPassedOn = false
    /// With whose account the answer before it was given; nil for a request that continues none.
    var history: String?
    /// The reasoning that it was sent without; nil where nobody remembers its conversation.
    var foreign: ForeignReasoning?
    /// How many entries its caller's conversation has; nil where nobody remembers it.
    var entries: Int?
    /// What of the caller's request, or of the thread before it, was not sent, each by its name.
    var dropped: [String] = []
    /// How many earlier turns were sent along; nil where none had to be.
    var rebuiltTurns: Int?
}
