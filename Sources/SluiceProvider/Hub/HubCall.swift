/// The model's call of a tool.
///
/// Two calls with equal arguments are two: what tells them apart is their id.
public struct HubCall: Hashable, Sendable {
    /// By which its result names it; empty where a provider gives none.
    public var id: SpelledText
    /// The tool's name.
    public var name: SpelledText
    /// The tool's namespace; nil for a tool outside of any.
    public var namespace: SpelledText?
    /// For a function the text of a JSON object, as the model wrote it and perhaps no JSON at all; else free text.
    public var arguments: SpelledText
    /// What is called.
    public var kind: HubToolKind
    /// A signature that rides on the call, as Google's do; nil for none.
    public var opaque: HubOpaque?

    /// Creates a call.
    public init(
        id: SpelledText,
        name: SpelledText,
        namespace: SpelledText? = nil,
        arguments: SpelledText,
        kind: HubToolKind = .function,
        opaque: HubOpaque? = nil
    ) {
        self.id = id
        self.name = name
        self.namespace = namespace
        self.arguments = arguments
        self.kind = kind
        self.opaque = opaque
    }
}
