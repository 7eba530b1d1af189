/// What is known of a block when it begins.
public enum HubBlockKind: Hashable, Sendable {
    case text
    case refusal
    /// Reasoning: a passage of this kind, or nil where nothing of it can be read.
    ///
    /// With `continues` it is a further passage of the reasoning that the block before began; what closes the last of them
    /// closes all.
    case reasoning(HubPassageKind?, continues: Bool)
    case call(id: SpelledText, name: SpelledText, namespace: SpelledText?, HubToolKind)
    /// A block that nobody here knows, as its dialect began it.
    case other(HubOther)
}
