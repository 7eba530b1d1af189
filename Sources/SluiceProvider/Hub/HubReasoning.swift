/// What the model thought.
public struct HubReasoning: Hashable, Sendable {
    /// One passage of it.
    public struct Passage: Hashable, Sendable {
        /// What kind of passage.
        public var kind: HubPassageKind
        /// The text; empty where the provider shows none of it.
        public var text: SpelledText

        /// Creates a passage.
        public init(_ kind: HubPassageKind, _ text: SpelledText) {
            self.kind = kind
            self.text = text
        }
    }

    /// What can be read of it, in order; none where all of it is hidden, as in redacted thinking.
    public var passages: [Passage]
    /// The signature, or the whole of it encrypted; nil for reasoning that nothing vouches for.
    public var opaque: HubOpaque?

    /// Creates reasoning.
    public init(_ passages: [Passage], opaque: HubOpaque? = nil) {
        self.passages = passages
        self.opaque = opaque
    }
}
