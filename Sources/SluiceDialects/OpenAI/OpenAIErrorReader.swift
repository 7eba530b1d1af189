import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Puts what a provider says in OpenAI's error format into the gateway's classes.
///
/// The provider's own code decides first, its type second, the HTTP status last.
///
/// Source: the API reference of OpenAI, "Error codes"; the codes of providers that speak its dialect.
public enum OpenAIErrorReader {
    /// Reads the body of an answer whose status is not 2xx.
    ///
    /// A body that is neither JSON nor a sentence (a proxy's page) is not quoted.
    public static func classify(status: Int, body: [UInt8]) -> ProviderError {
        let parts = OpenAIErrorBody(body)
        var error: ProviderError
        if (300...399).contains(status) {
            error = ProviderError(
                .misconfigured,
                "The provider answered with status \(status), a redirect, which is not followed."
            )
        } else {
            error = read(parts, status: status)
        }
        error.status = status
        return holding(body, parts?.envelope, error)
    }

    /// The error that an answer with status 200, or a chunk of a stream, holds; nil when it holds none.
    ///
    /// Some providers write it without an `error` around it and say so by `object`; routers put one into the choice that
    /// was broken off.
    ///
    /// `body` is what holds it, as it came.
    static func inAnswer(_ root: JSONValue, body: [UInt8]) -> ProviderError? {
        if holdsError(root) || root[key: "object"]?.string == "error" { return failure(root, body: body) }
        guard let choice = root[key: "choices"]?.elements.first(where: holdsError) else { return nil }
        var error = failure(choice, body: body)
        // A caller would find it no more in the body's root than the SDKs do.
        error.envelope = nil
        return error
    }

    private static func holdsError(_ value: JSONValue) -> Bool {
        value[key: "error"].map { !$0.isNull } ?? false
    }

    /// Reads an object that is known to be an error, though its status said nothing of it.
    static func failure(_ root: JSONValue, body: [UInt8]) -> ProviderError {
        let parts = OpenAIErrorBody(root)
        let status = parts.code.flatMap(Int.init).flatMap { (400...599).contains($0) ? $0 : nil }
        return holding(body, parts.envelope, read(parts, status: status))
    }

    private static func holding(
        _ body: [UInt8],
        _ envelope: ErrorEnvelope?,
        _ error: ProviderError
    ) -> ProviderError {
        var error = error
        error.envelope = body.count <= OpenAIExchange.errorBodyLimit ? envelope : nil
        error.body = Array(body.prefix(OpenAIExchange.errorBodyLimit))
        return error
    }

    private static func read(_ body: OpenAIErrorBody?, status: Int?) -> ProviderError {
        let message = body?.message
        let errorClass = errorClass(body, message ?? "", status)
        // What the server says that stands in the provider's place may quote its paths.
        if errorClass == .misconfigured {
            return ProviderError(
                .misconfigured,
                "What answered, with status \(status ?? 0), is not the provider's API; the row's baseURL may be wrong."
            )
        }
        var error = ProviderError(
            errorClass,
            message ?? status.map { "The provider answered with status \($0) and no explanation." }
                ?? "The provider's answer holds an error without an explanation.",
            code: body?.code,
            parameter: body?.parameter,
            type: body?.type
        )
        error.retryAfter = body?.retryDelay
        return error
    }

    private static func errorClass(_ body: OpenAIErrorBody?, _ message: String, _ status: Int?) -> ErrorClass {
        // What is too large for its row is no matter of patience, though its code often says so.
        if status == 413 || status == 429 && TooLarge.isSaid(in: message) { return refusal(message) }
        if let known = OpenAIErrorWords.errorClass(code: body?.code, type: body?.type) { return known }
        if let reason = body?.reason, let known = OpenAIErrorWords.errorClass(code: reason, type: nil) { return known }
        if status == 402 || status == 403, let known = OpenAIErrorWords.errorClass(status: status, message, body?.type)
        {
            return known
        }
        guard let status else { return body?.type == "invalid_request_error" ? refusal(message) : .server }
        return byStatus(status, message, isEnvelope: body?.isEnvelope ?? false)
    }

    private static func byStatus(_ status: Int, _ message: String, isEnvelope: Bool) -> ErrorClass {
        switch status {
        case 401: .authentication
        // About this request, unless words said otherwise.
        case 402, 403: .permission
        case 404: isEnvelope ? .invalidModel : .misconfigured
        case 405 where !isEnvelope: .misconfigured
        // A conflict with another request, and one that came too early: it may be taken in a moment.
        case 409, 425: .server
        // The provider had begun, and gave up.
        case 408, 504, 524: .timeout
        case 429: .rateLimit
        case 503, 529: .overloaded
        case 500...599: .server
        // The same request would be refused again.
        case 400...499: refusal(message)
        default: .unknown
        }
    }

    /// A request that was refused: too long where the sentence says so, since many providers give it no code.
    private static func refusal(_ message: String) -> ErrorClass {
        let text = message.lowercased()
        return tooLong.contains { text.contains($0) } ? .tokenLimit : .invalidRequest
    }

    private static let tooLong = [
        "maximum context length", "context length exceeded", "context_length_exceeded", "exceeds the context window",
        "exceed context limit", "prompt is too long", "input is too long", "reduce the length of the",
        "maximum number of tokens allowed",
    ]
}
