public import SluiceJSON

/// A caller's request in the format of an adapter, and what that format has still to change in it.
public struct TranslatedRequest: Sendable {
    /// The body, as it came where it came in the adapter's format.
    public var document: Document
    /// The changes that the format needs, whatever the row adds to them.
    public var edits: [MemberEdit]

    /// Creates a request.
    public init(_ document: Document, edits: [MemberEdit] = []) {
        self.document = document
        self.edits = edits
    }
}
