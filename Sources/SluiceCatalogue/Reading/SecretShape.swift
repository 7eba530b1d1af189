import SluiceProvider

/// Tells values that are probably secrets from those that are not.
enum SecretShape {
    /// What to do instead of writing a secret into the file.
    static let hint =
        "name where it is, as in \"credential\": {\"env\": \"PROVIDER_API_KEY\"} or {\"file\": \"/path/to/key\"}"

    private static let names: Set<String> = [
        "apikey", "accesskey", "accesstoken", "authorization", "authtoken", "key", "password", "secret", "secretkey",
        "token", "xapikey", "value", "literal",
    ]

    /// True for a name under which secrets are usually written.
    static func isSecretName(_ name: String) -> Bool {
        names.contains(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    /// Last words of the names of header fields and query parameters that carry secrets.
    private static let lastWords: Set<String> = [
        "apikey", "auth", "authorization", "cookie", "credential", "credentials", "jwt", "key", "passwd", "password",
        "secret", "token",
    ]

    /// True for a header field or query parameter that says by its name that it carries a secret: `X-Auth-Token`,
    /// `api_key`, `subscriptionKey`.
    static func isSecretField(_ name: String) -> Bool {
        let last = name.split { !$0.isLetter && !$0.isNumber }.last ?? ""
        // `…Key` has its word by its capital; `monkey` is one word.
        let tail = last.lastIndex { $0.isUppercase }.map { last[$0...] } ?? last
        return isSecretName(name) || lastWords.contains(last.lowercased()) || lastWords.contains(tail.lowercased())
    }

    /// True for text that holds a known kind of key, or 32 letters and digits in a row that mix both.
    static func isLikely(_ text: String) -> Bool {
        isKnownKey(text) || hasLongRun(text)
    }

    /// True for text that holds a known kind of key; an account's number or a hash is none.
    static func isKnownKey(_ text: String) -> Bool {
        Scrubber.findsToken(in: text)
    }

    /// Text of the file as a message may show it: in quotes and short, or not at all.
    static func shown(_ text: String) -> String {
        guard !isLikely(text) else { return "(a value that looks like a secret)" }
        let clean = Scrubber.scrub(text)
        return clean.count > 64 ? "\"\(clean.prefix(63))…\"" : "\"\(clean)\""
    }

    private static func hasLongRun(_ text: String) -> Bool {
        var (length, digits) = (0, 0)
        for byte in text.utf8 {
            if (48...57).contains(byte) {
                (length, digits) = (length + 1, digits + 1)
            } else if (97...122).contains(byte | 0x20) {
                length += 1
            } else {
                (length, digits) = (0, 0)
            }
            if length >= 32, digits > 0, digits < length { return true }
        }
        return false
    }
}
