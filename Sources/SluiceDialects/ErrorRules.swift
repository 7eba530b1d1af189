import SluiceJSON
import SluiceProvider
import SluiceTypes

/// What the readers of providers' errors decide alike, whatever the dialect.
enum ErrorRules {
    /// Finds the class of an error: from its parts, nil where they can't be read, the provider's sentence, and the status, nil
    /// where none was told.
    typealias Classifier = (ErrorBody?, String, Int?) -> ErrorClass

    /// Reads the body of an answer whose status is not 2xx.
    ///
    /// A body that is neither JSON nor a sentence (a proxy's page) is not quoted.
    static func classify(status: Int, body: [UInt8], by classifier: Classifier) -> ProviderError {
        let parts = ErrorBody(body)
        var error: ProviderError
        if (300...399).contains(status) {
            error = ProviderError(
                .misconfigured,
                "The provider answered with status \(status), a redirect, which is not followed."
            )
        } else {
            error = read(parts, status: status, by: classifier)
        }
        error.status = status
        return holding(body, parts?.envelope, error)
    }

    /// Reads an object that is known to be an error, though its status said nothing of it.
    ///
    /// `body` is what holds it, as it came; `status` is one that stands beside it.
    static func failure(
        _ parts: ErrorBody?,
        body: [UInt8],
        status: Int? = nil,
        by classifier: Classifier
    ) -> ProviderError {
        let status = (parts?.code.flatMap { Int($0) } ?? status).flatMap { (400...599).contains($0) ? $0 : nil }
        return holding(body, parts?.envelope, read(parts, status: status, by: classifier))
    }

    private static func holding(
        _ body: [UInt8],
        _ envelope: ErrorEnvelope?,
        _ error: ProviderError
    ) -> ProviderError {
        var error = error
        error.envelope = body.count <= AnswerLimits.errorBody ? envelope : nil
        error.body = Array(body.prefix(AnswerLimits.errorBody))
        return error
    }

    private static func read(_ body: ErrorBody?, status: Int?, by classifier: Classifier) -> ProviderError {
        let message = body?.message
        let errorClass = classifier(body, message ?? "", status)
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

    /// The class that a status stands for; `isEnvelope` tells that the provider's API was reached.
    static func byStatus(_ status: Int, _ message: String, isEnvelope: Bool) -> ErrorClass {
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
    static func refusal(_ message: String) -> ErrorClass {
        let text = message.lowercased()
        return tooLong.contains { text.contains($0) } ? .tokenLimit : .invalidRequest
    }

    private static let tooLong = [
        "maximum context length", "context length exceeded", "context_length_exceeded", "exceeds the context window",
        "exceed context limit", "prompt is too long", "input is too long", "reduce the length of the",
        "maximum number of tokens allowed", "exceeded model token limit", "reached its context window limit",
        "prompt exceeds max length",
    ]
}
