public import SluiceProvider

/// Why a provider would not go on from the response that a request names: then the thread can be said whole.
///
/// Source: OpenAI's code `previous_response_not_found`; the sentences of OpenAI, xAI, vLLM and others, as those who met them tell them.
public enum PreviousRefusal: Sendable, Hashable {
    /// It does not have this one.
    case notFound
    /// It keeps none, for this account or at all.
    case keepsNone

    /// What `error` says of it; nil for any other error.
    public init?(_ error: ProviderError) {
        guard [nil, 400, 404, 422].contains(error.status) else { return nil }
        let text = error.message.lowercased().replacing("`", with: "").replacing("\"", with: "")
        let code = error.code?.lowercased()
        let isNamed = code == "previous_response_not_found" || error.parameter == "previous_response_id"
        guard isNamed || PreviousRefusal.subjects.contains(where: { text.contains($0) }) else { return nil }
        if code == "unsupported_parameter" || PreviousRefusal.kept.contains(where: { text.contains($0) }) {
            self = .keepsNone
        } else if isNamed || PreviousRefusal.missing.contains(where: { text.contains($0) }) {
            self = .notFound
        } else {
            return nil
        }
    }

    private static let subjects = ["previous response", "previous_response_id", "response with id"]
    private static let kept = [
        "zero data retention", "unsupported parameter", "not supported", "unknown parameter",
        "unrecognized request argument",
        "extra inputs are not permitted",
    ]
    private static let missing = [
        "not found", "does not exist", "invalid previous_response_id", "no longer available", "expired",
    ]
}
