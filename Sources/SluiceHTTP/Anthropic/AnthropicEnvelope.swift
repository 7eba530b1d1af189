import HTTPTypes
import SluiceJSON
import SluiceTypes

/// Anthropic's envelope of errors.
///
/// Source: Anthropic's API reference, "Errors".
enum AnthropicEnvelope {
    /// The answer to a request that failed; `requestID` is ours, for an error that brings none of its provider's.
    static func reply(_ error: CallError, requestID: String) -> ErrorReply {
        var headers = error.headers
        let id = headers[.providerRequestID] ?? requestID
        headers[.providerRequestID] = id
        return ErrorReply(status: status(of: error), body: error.own ?? body(error, id), headers: headers)
    }

    /// The error as the data of an event, behind a head that is out.
    static func data(_ error: CallError, requestID: String) -> [UInt8] { error.ownInStream ?? body(error, requestID) }

    /// Its own status for a provider that is overloaded; 503 says that the gateway is.
    private static func status(of error: CallError) -> HTTPResponse.Status {
        error.own == nil && error.errorClass == .overloaded ? overloaded : error.status
    }

    private static let overloaded = HTTPResponse.Status(code: 529, reasonPhrase: "Overloaded")

    private static func body(_ error: CallError, _ requestID: String) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", "error")
                writer.member(
                    "error",
                    object: { writer in
                        writer.member("type", type(of: status(of: error).code))
                        writer.member("message", error.message)
                    }
                )
                writer.member("request_id", requestID)
            }
        }
    }

    /// What a status is called.
    private static func type(of status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 504: "timeout_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}

extension HTTPField.Name {
    /// By which Anthropic names a request.
    static let providerRequestID = known("request-id")
}
