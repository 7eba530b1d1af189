/// What is known of a block only when it is whole.
public struct HubClosing: Hashable, Sendable {
    /// The signature or encrypted form; see ``HubEvent``.
    public var opaque: HubOpaque?
    /// Where a text was taken from, as in ``HubText/citations``.
    public var citations: HubForeign?

    /// Creates what is known; mostly nothing.
    public init(opaque: HubOpaque? = nil, citations: HubForeign? = nil) {
        self.opaque = opaque
        self.citations = citations
    }
}
