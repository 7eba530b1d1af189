/// Visible text.
public struct HubText: Hashable, Sendable {
    /// The text.
    public var text: SpelledText
    /// Where it was taken from: an array, in the words of the dialect that gave it; nil for none.
    public var citations: HubForeign?

    /// Creates a text.
    public init(_ text: SpelledText, citations: HubForeign? = nil) {
        self.text = text
        self.citations = citations
    }
}
