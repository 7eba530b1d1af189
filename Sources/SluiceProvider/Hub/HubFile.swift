/// A document, such as a PDF.
public struct HubFile: Hashable, Sendable {
    /// Its bytes, and their type.
    public var source: HubSource
    /// Its name; nil where none is given.
    public var name: SpelledText?

    /// Creates a file.
    public init(_ source: HubSource, name: SpelledText? = nil) {
        self.source = source
        self.name = name
    }
}
