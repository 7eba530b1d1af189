public import SluiceJSON

/// A request without reasoning that its provider can't verify: issued by another account, or refused before.
public struct ReasoningCut: Sendable {
    /// The request, its other bytes as they came.
    public let document: Document
    /// What was cut out, by the types of items or blocks and the names of members.
    public let dropped: DroppedNames

    /// Indexes what is left; nil where nothing was cut.
    init?(_ splice: Splice, _ dropped: DroppedNames) {
        guard !splice.isEmpty, let document = try? Document(indexing: splice.text, limits: JSONLimits(isLenient: true))
        else {
            return nil
        }
        self.document = document
        self.dropped = dropped
    }
}
