/// What a tool gave back.
public struct HubResult: Hashable, Sendable {
    /// The call that it answers.
    public var callID: SpelledText
    /// What kind of tool was called.
    public var kind: HubToolKind
    /// Whether the tool failed, as far as the caller says.
    public var isError: Bool
    /// What it gave: texts, images, files.
    public var parts: [HubPart]

    /// Creates a result.
    public init(
        callID: SpelledText,
        kind: HubToolKind = .function,
        isError: Bool = false,
        _ parts: [HubPart]
    ) {
        self.callID = callID
        self.kind = kind
        self.isError = isError
        self.parts = parts
    }
}
