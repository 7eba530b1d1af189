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

    /// True for text that holds a known kind of key, or 32 letters and digits in a row that mix both.
    static func isLikely(_ text: String) -> Bool {
        Scrubber.findsToken(in: text) || hasLongRun(text)
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
