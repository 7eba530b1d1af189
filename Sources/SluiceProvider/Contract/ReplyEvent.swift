public import SluiceTypes

/// What happens in an answer, in the order in which it happens.
///
/// An answer is a success if, and only if, `finish` was seen and nothing after it said otherwise: either the terminal
/// event of the provider's stream followed, or the transport ended cleanly.
public enum ReplyEvent: Sendable, Hashable {
    /// The provider began to answer: its own id of the answer, and its name of the model, where it gives them.
    case start(upstreamID: String?, model: String?)
    /// The provider's own object, untouched: the whole of a plain answer, or one event of a stream with its name, where its
    /// events have names; and how far the answer is with it.
    case upstream(name: String?, [UInt8], ReplyStage)
    /// A piece of the visible text.
    case text(String)
    /// What was used.
    case usage(Usage)
    /// The header fields of its answer that go back to the caller, by their names in small letters; see ``ReturnedFields``.
    case fields([String: String])
    /// Why the model stopped: in OpenAI's words, and in the provider's own where that is another; each of 32 bytes at most.
    ///
    /// A reason for which OpenAI has no word is `stop`.
    case finish(reason: String, upstream: String? = nil)
    /// The event by which the provider's stream said that it is over: from here a cut loses nothing.
    case terminal(name: String?, [UInt8])
    /// The provider refused or failed.
    case error(ProviderError)

    /// How far the answer is with this event; nil for one that says nothing of it.
    public var stage: ReplyStage? {
        switch self {
        case .upstream(_, _, let stage): stage
        case .text: .content
        case .finish, .terminal: .ending
        case .start, .usage, .fields, .error: nil
        }
    }
}
