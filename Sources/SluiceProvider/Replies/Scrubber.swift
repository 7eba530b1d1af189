public import SluiceTypes

/// Makes a provider's sentence fit to be kept and shown.
public enum Scrubber {
    /// The most characters that are kept, as Unicode counts them: what people see as one may hold thousands.
    public static let limit = 500

    /// `text` without what looks like a key or a token, without control characters, at most 500 characters long.
    ///
    /// The values of `secrets` are taken out whatever they look like, as by ``hide(_:in:)``.
    public static func scrub(_ text: String, hiding secrets: [Secret] = []) -> String {
        let hidden = String(decoding: hide(secrets, in: Array(text.utf8)), as: UTF8.self)
        return Redaction.legible(hidden, atMost: limit)
    }

    /// `body` without the values of `secrets`, in whatever spelling: plain, percent-encoded, escaped or in Base64.
    ///
    /// Nothing else of it is touched. What has fewer than four bytes is taken for no secret.
    public static func hide(_ secrets: [Secret], in body: [UInt8]) -> [UInt8] {
        secrets.spellings.reduce(body) { $1.hide(in: $0) }
    }

    /// Tells whether some part of `text` looks like a key or a token.
    public static func findsToken(in text: String) -> Bool {
        Redaction.withoutKeys(text) != text
    }
}
