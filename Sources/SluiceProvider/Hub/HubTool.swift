/// A tool that the model may call and the caller runs.
public struct HubTool: Hashable, Sendable {
    /// What its input looks like.
    public enum Input: Hashable, Sendable {
        /// A JSON object of this schema; nil where none is given.
        case function(schema: SpelledJSON?)
        /// Free text, or a text of a grammar; nil where nothing is said.
        case custom(HubGrammar?)
    }

    /// Its name.
    public var name: SpelledText
    /// The namespace it belongs to; nil for none.
    public var namespace: HubNamespace?
    /// What it does.
    public var description: SpelledText?
    /// What it takes.
    public var input: Input
    /// Whether the model must keep to the schema; nil where nothing is said.
    public var isStrict: Bool?
    /// As ``HubPart/cache``.
    public var cache: HubForeign?
    /// Members that the hub has no word for.
    public var members: [HubMember]

    /// Creates a tool.
    public init(
        name: SpelledText,
        namespace: HubNamespace? = nil,
        description: SpelledText? = nil,
        input: Input,
        isStrict: Bool? = nil,
        cache: HubForeign? = nil,
        members: [HubMember] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.description = description
        self.input = input
        self.isStrict = isStrict
        self.cache = cache
        self.members = members
    }
}
