/// How a call was made, as far as its price may depend on it: `service_tier`, `speed`, `processing`, `inference_geo`,
/// `completion_window` and the like, with the words of the provider.
public struct CallTerms: Hashable, Sendable {
    /// The values, by name.
    public let values: [String: String]

    /// Takes what the answer says, and of the request what the answer leaves open.
    public init(answer: [String: String] = [:], request: [String: String] = [:]) {
        values = answer.filter { !$0.value.isEmpty }.merging(request) { told, _ in told }
    }

    /// Values with which a call costs what it always does, whatever its model and in any letter case.
    ///
    /// `not_available` is Anthropic's `inference_geo` of models that have none.
    static let usual: Set<String> = ["standard", "default", "auto", "global", "not_available", ""]

    /// The terms that change a price, in the order of their names: those whose value is none of ``usual``.
    public var special: [(name: String, value: String)] {
        values.filter { !CallTerms.usual.contains($0.value.lowercased()) }
            .map { ($0.key, $0.value) }
            .sorted { $0.name < $1.name }
    }
}
