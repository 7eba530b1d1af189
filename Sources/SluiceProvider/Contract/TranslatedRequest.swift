public import SluiceJSON

/// A caller's request in the format of an adapter, and what that format has still to change in it.
public struct TranslatedRequest: Sendable {
    /// The body, as it came where it came in the adapter's format.
    public var document: Document
    /// The changes that the format needs, whatever the row adds to them.
    public var edits: [MemberEdit]
    /// What of the caller's request, or of the thread before it, is not in it, each by its name.
    public var dropped: [String] = []
    /// How many earlier turns are in it that the caller has only named; nil where it has named none, or the provider has them.
    public var turns: Int?
    /// Whether it can't be asked without the thread before it, though the provider keeps that: what it names there has to be looked up by
    /// the gateway, which knows whose it is.
    public var needsThread = false
    /// How many entries the caller's conversation has; nil where nobody remembers it, and in formats in which accounts sign nothing.
    public var entries: Int?

    /// Creates a request.
    public init(_ document: Document, edits: [MemberEdit] = []) {
        self.document = document
        self.edits = edits
    }
}
