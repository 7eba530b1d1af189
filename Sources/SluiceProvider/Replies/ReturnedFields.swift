/// The header fields of a provider's answer that go back to the caller.
///
/// Each dialect names its own. What a provider says of its account's allowances tells of all who share the account.
public enum ReturnedFields {
    /// The most fields, and the most bytes of their names and values together.
    static let most = (fields: 64, bytes: 8 << 10)

    /// Those of `head` that are `named`, by their names in small letters; several values of one name with commas between (RFC 9110, 5.3).
    ///
    /// Those beyond the bounds are left out.
    public static func of(_ head: ResponseHead, named isNamed: (String) -> Bool) -> [String: String] {
        var fields: [String: String] = [:]
        var bytes = 0
        for field in head.headers {
            let name = field.name.lowercased()
            guard isNamed(name), isSound(field.value) else { continue }
            let length = name.utf8.count + field.value.utf8.count
            guard bytes + length <= most.bytes, fields.count < most.fields || fields[name] != nil else { continue }
            bytes += length
            fields[name] = fields[name].map { "\($0), \(field.value)" } ?? field.value
        }
        return fields
    }

    /// What of `fields` the caller may have: what is said of allowances only where `allowances` is true.
    public static func told(_ fields: [String: String], allowances: Bool) -> [String: String] {
        allowances ? fields : fields.filter { !isAllowance($0.key) }
    }

    /// Whether a field, its name in small letters, tells how much of an account's allowance is left, or how much there is.
    ///
    /// Source: OpenAI's guide "Rate limits", "Rate limits in headers"; Anthropic's API reference, "Rate limits", "Response headers",
    /// and its guide "Service tiers"; for `x-codex-…` the source of Codex.
    static func isAllowance(_ name: String) -> Bool {
        name.split(separator: "-").contains { allowanceWords.contains($0) }
    }

    private static let allowanceWords: Set<Substring> = [
        "balance", "credits", "limit", "limits", "overage", "plan", "primary", "promo", "ratelimit", "remaining",
        "reset",
        "secondary", "used", "utilization",
    ]

    private static func isSound(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
