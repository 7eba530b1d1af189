import SluiceJSON
import SluiceProvider

/// `data:` URLs, whose Base64 may be megabytes and is not copied.
///
/// Source: RFC 2397.
enum DataURL {
    private static let scheme = Array("data:".utf8)
    private static let mark = Array(";base64,".utf8)
    /// The longest type and subtype that RFC 6838 allows, with what escapes add.
    private static let longestType = 512

    /// What a URL names; only `data:TYPE;base64,…` is taken apart, since that alone can be put together again as it was.
    static func source(_ url: SpelledText) -> HubSource {
        let text = url.spelling
        guard text.starts(with: scheme) else { return .url(url) }
        let head = text.dropFirst(scheme.count).prefix(longestType)
        guard let semicolon = head.firstIndex(of: UInt8(ascii: ";")), text[semicolon...].starts(with: mark) else {
            return .url(url)
        }
        return .base64(
            mime: SpelledText(spelling: head[..<semicolon]),
            data: SpelledText(spelling: text[(semicolon + mark.count)...])
        )
    }

    /// The pieces of the URL for a source; nil for a text, which has none.
    static func pieces(_ source: HubSource) -> [ArraySlice<UInt8>]? {
        switch source {
        case .url(let url): [url.spelling]
        case .base64(let mime?, let data): [scheme[...], mime.spelling, mark[...], data.spelling]
        case .base64(nil, let data): [data.spelling]
        case .text: nil
        }
    }
}
