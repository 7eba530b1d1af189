import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Puts what a provider says in Anthropic's error format into the gateway's classes.
///
/// The provider's own words decide first, its type second, the HTTP status last.
///
/// Source: Anthropic's API reference, "Errors"; what providers that speak its dialect write in its place.
public enum AnthropicErrorReader {
    /// Reads the body of an answer whose status is not 2xx.
    ///
    /// A body that is neither JSON nor a sentence (a proxy's page) is not quoted.
    public static func classify(status: Int, body: [UInt8]) -> ProviderError {
        ErrorRules.classify(status: status, body: body, by: errorClass)
    }

    /// The error that an answer with status 200, or an event of a stream, holds; nil when it holds none.
    ///
    /// `body` is what holds it, as it came.
    static func inAnswer(_ root: JSONValue, body: [UInt8]) -> ProviderError? {
        let isError = root[key: "type"]?.string == "error"
        guard isError || root[key: "error"].map({ !$0.isNull }) ?? false else { return nil }
        return ErrorRules.failure(ErrorBody(root), body: body, by: errorClass)
    }

    /// Reads the data of an event that calls itself an error, whatever they are.
    static func failure(_ data: [UInt8]) -> ProviderError {
        ErrorRules.failure(ErrorBody(data), body: data, by: errorClass)
    }

    private static func errorClass(_ body: ErrorBody?, _ message: String, _ status: Int?) -> ErrorClass {
        // What is too large for its row is no matter of patience, though its type says so.
        if status == 413 || status == 429 && TooLarge.isSaid(in: message) { return ErrorRules.refusal(message) }
        if let known = AnthropicErrorWords.ofAccount(message) { return known }
        // The type of a 402 and of a 403 only repeats the status.
        if status == 402 || status == 403,
            let known = OpenAIErrorWords.errorClass(status: status, message, body?.type)
        {
            return known
        }
        let type = body?.type?.lowercased()
        if type == "invalid_request_error", [nil, 400, 413, 422].contains(status) { return refusal(message) }
        if status == 404, AnthropicErrorWords.isOfPath(message) { return .misconfigured }
        if let known = type.flatMap({ AnthropicErrorWords.types[$0] }) { return known }
        if let known = OpenAIErrorWords.errorClass(code: body?.code, type: type) { return known }
        guard let status else { return .server }
        if status == 400 || status == 422 { return refusal(message) }
        return ErrorRules.byStatus(status, message, isEnvelope: body.map(isEnvelope) ?? false)
    }

    /// Whether the provider's API was reached, and not some server in front of it: it is Anthropic's envelope, or another whose
    /// sentence is about a model.
    private static func isEnvelope(_ body: ErrorBody) -> Bool {
        body.isEnvelope && (body.outerType == "error" || body.message?.lowercased().contains("model") ?? false)
    }

    /// A request that was refused: by a filter, for its length, or for anything else.
    private static func refusal(_ message: String) -> ErrorClass {
        AnthropicErrorWords.isOfFilter(message) ? .contentFilter : ErrorRules.refusal(message)
    }
}
