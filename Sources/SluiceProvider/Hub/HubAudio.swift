/// Sound.
public struct HubAudio: Hashable, Sendable {
    /// The bytes in Base64.
    public var data: SpelledText
    /// Their format, such as `wav`.
    public var format: SpelledText

    /// Creates sound.
    public init(_ data: SpelledText, format: SpelledText) {
        self.data = data
        self.format = format
    }
}
