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
        ErrorRules.classify(status: status, body: body, by: errorClass)
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

    /// Reads an object that is known to be an error, though the status of its answer said nothing of it; `status` is the one that
    /// stands beside it.
    static func failure(_ root: JSONValue, body: [UInt8], status: Int? = nil) -> ProviderError {
        ErrorRules.failure(ErrorBody(root), body: body, status: status, by: errorClass)
    }

    private static func errorClass(_ body: ErrorBody?, _ message: String, _ status: Int?) -> ErrorClass {
        // What is too large for its row is no matter of patience, though its code often says so.
        if status == 413 || status == 429 && TooLarge.isSaid(in: message) { return ErrorRules.refusal(message) }
        if let known = OpenAIErrorWords.errorClass(code: body?.code, type: body?.type) {
            // A 429 is a limit of whoever asked, whatever it says of the server's load.
            if status == 429, known == .overloaded { return .rateLimit }
            // Some call a prompt invalid that is too long.
            return known == .invalidRequest ? ErrorRules.refusal(message) : known
        }
        if let reason = body?.reason, let known = OpenAIErrorWords.errorClass(code: reason, type: nil) { return known }
        if status == 402 || status == 403, let known = OpenAIErrorWords.errorClass(status: status, message, body?.type)
        {
            return known
        }
        guard let status else {
            return [body?.type, body?.code].contains("invalid_request_error") ? ErrorRules.refusal(message) : .server
        }
        if status == 404, OpenAIErrorWords.isMissingState(message, body?.parameter) { return .invalidRequest }
        return ErrorRules.byStatus(status, message, isEnvelope: body?.isEnvelope ?? false)
    }
}
