/// A group of tools, whose names are theirs within it alone.
public struct HubNamespace: Hashable, Sendable {
    /// Its name.
    public var name: SpelledText
    /// What its tools have in common; nil where nothing is said.
    public var description: SpelledText?

    /// Creates a namespace.
    public init(_ name: SpelledText, description: SpelledText? = nil) {
        self.name = name
        self.description = description
    }
}
