public import SluiceTypes

/// Why the model stopped.
public struct HubFinish: Hashable, Sendable {
    /// The reasons that the hub knows.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// It was done. An unknown reason counts as this one.
        case stop
        /// It ran out of tokens.
        case length
        /// It waits for the results of calls.
        case toolCalls = "tool_calls"
        /// It, or a filter, would not go on.
        case contentFilter = "content_filter"
        /// The answer can't be used, and is asked for anew.
        case malformedResponse
    }

    /// Why.
    public var reason: Reason
    /// The provider's dialect.
    public var dialect: RequestFormat?
    /// The provider's own word; nil where it gave none.
    public var word: String?
    /// The provider's sentence about it; nil where it gave none.
    public var detail: SpelledText?
    /// What else the provider said about it, such as `stop_sequence`.
    public var members: [HubMember]

    /// Creates a finish.
    public init(
        _ reason: Reason,
        dialect: RequestFormat? = nil,
        word: String? = nil,
        detail: SpelledText? = nil,
        members: [HubMember] = []
    ) {
        self.reason = reason
        self.dialect = dialect
        self.word = word
        self.detail = detail
        self.members = members
    }
}
