/// An image.
public struct HubImage: Hashable, Sendable {
    /// Its bytes.
    public var source: HubSource
    /// How closely the model shall look: `low`, `high`, `auto` or a newer word; nil where nothing is said.
    public var detail: SpelledText?

    /// Creates an image.
    public init(_ source: HubSource, detail: SpelledText? = nil) {
        self.source = source
        self.detail = detail
    }
}
