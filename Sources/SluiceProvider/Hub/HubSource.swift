/// Where the bytes of an image or file are.
///
/// Providers' own ids of stored files are no source: they name state, and are `other`.
public enum HubSource: Hashable, Sendable {
    /// At an address; a `data:` URL in Base64 is never here but `base64`.
    case url(SpelledText)
    /// Here, in Base64, as the caller spelled it; the type is nil where the caller gave none.
    case base64(mime: SpelledText?, data: SpelledText)
    /// Here, as text.
    case text(mime: SpelledText, SpelledText)
}
