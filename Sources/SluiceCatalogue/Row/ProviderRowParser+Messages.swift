import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ProviderRowParser {
    /// Anthropic's own host, whose betas are meant for it.
    private static let anthropic = "api.anthropic.com"

    /// Which betas of its callers the row sends on: all to Anthropic, none to others, unless it says otherwise.
    func readBetas(_ manifest: Manifest?, _ endpoint: Endpoint?) -> BetaPolicy {
        let standard = endpoint?.host == ProviderRowParser.anthropic ? BetaPolicy.pass : .drop
        guard let value = member("betas", manifest, of: .anthropicMessages) else { return standard }
        switch value.kind {
        case .string where value.string == "pass": return .pass
        case .string where value.string == "drop": return .drop
        case .array:
            if value.elements.isEmpty { faults.add(value, "must not be empty; \"drop\" sends none on") }
            var seen: Set<String> = []
            return .only(
                fields.strings("betas").map { element, beta in
                    if !beta.utf8.allSatisfy(ProviderRowParser.isBetaByte) {
                        faults.add(element, "must be the name of one beta, as in \"context-1m-2025-08-07\"")
                    } else if !seen.insert(beta).inserted {
                        faults.add(element, "stands in the list twice")
                    }
                    return beta
                }
            )
        default:
            faults.add(
                value,
                "must be \"pass\", which sends the caller's betas on (as without it at \(ProviderRowParser.anthropic)), \"drop\" "
                    + "(as without it elsewhere), or a list of those that are sent on"
            )
            return standard
        }
    }

    /// The version of the API for requests that came in another format.
    ///
    /// In the row's `headers` it would stand a second time in each call.
    func readVersion(_ manifest: Manifest?) -> String? {
        if speaks(.anthropicMessages, manifest) {
            for (name, value) in fields["headers"]?.members ?? [] where name.lowercased() == "anthropic-version" {
                faults.add(value, "can't be set: the caller names it, or else the adapter; see \"version\"")
            }
        }
        guard let value = member("version", manifest, of: .anthropicMessages) else { return nil }
        guard let text = value.string, ProviderRowParser.isDate(text) else {
            faults.add(value, "must be a version of Anthropic's API, a date in quotes as in \"2023-06-01\"")
            return nil
        }
        return text
    }

    private static func isBetaByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "._-".utf8.contains(byte)
    }

    /// `YYYY-MM-DD`.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [4, 2, 2]
            && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
