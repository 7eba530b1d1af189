/// One part of a turn.
///
/// Each part keeps its place: a signature is bound to what stands before it.
public struct HubPart: Hashable, Sendable {
    /// What it is.
    public enum Content: Hashable, Sendable {
        case text(HubText)
        /// Why the model will not answer.
        case refusal(SpelledText)
        case image(HubImage)
        case file(HubFile)
        case audio(HubAudio)
        case call(HubCall)
        case result(HubResult)
        case reasoning(HubReasoning)
        case other(HubOther)
    }

    /// What it is.
    public var content: Content
    /// Up to here the provider shall keep what it read, as the caller's format says it; nil for no such wish.
    public var cache: HubForeign?
    /// Members that the hub has no word for.
    public var members: [HubMember]

    /// Creates a part.
    public init(_ content: Content, cache: HubForeign? = nil, members: [HubMember] = []) {
        self.content = content
        self.cache = cache
        self.members = members
    }

    /// The text of a part that is nothing but text; nil for any other, and for one with a wish or members of its own.
    public var plainText: SpelledText? {
        guard case .text(let text) = content, text.citations == nil, cache == nil, members.isEmpty else { return nil }
        return text.text
    }
}
