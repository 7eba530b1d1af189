import HTTPTypes
import Hummingbird
import SluiceJSON

/// An error in OpenAI's envelope, as its SDKs read it.
///
/// Source: the API reference of OpenAI, "Error codes"; for `x-should-retry` and `retry-after-ms` the SDKs' own source.
struct OpenAIError: SurfaceError {
    var status: HTTPResponse.Status
    var type: String
    var code: String?
    var message: String
    /// The member of the body that is at fault.
    var parameter: String?
    var headers: HTTPFields = [:]
    /// The provider's own words, which take the place of ours; nil where it gave none that a caller may have.
    var own: [UInt8]?

    init(
        _ status: HTTPResponse.Status,
        type: String? = nil,
        code: String?,
        _ message: String,
        parameter: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.type = type ?? (status.code >= 500 ? "server_error" : "invalid_request_error")
        self.code = code
        self.message = message
        self.parameter = parameter
        self.headers = headers
        // A conflict does not go away by itself, and the SDKs repeat it.
        if status.code == 409 { self.headers[.shouldRetry] = "false" }
    }

    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in writer.member("error", object: { write(to: &$0) }) }
        }
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("message", message)
        writer.member("type", type)
        writer.member("param", parameter)
        writer.member("code", code)
    }

    var reply: ErrorReply { ErrorReply(status: status, body: own ?? body, headers: headers) }

    /// The same in a stream, where no field can say that the call may have been paid for: there the sentence has to.
    var event: [UInt8] { headers[.possiblyCharged] == nil ? own ?? body : body }
}

extension HTTPFields {
    /// Adds the provider's fields that go back to the caller, as they came.
    mutating func pass(_ fields: [String: String]) {
        for (name, value) in fields {
            if let name = HTTPField.Name(name), HTTPField.isValidValue(value) { self[name] = value }
        }
    }
}

extension HTTPField.Name {
    static let shouldRetry = known("x-should-retry")
    static let retryAfterMilliseconds = known("retry-after-ms")
    static let sluiceJob = known("x-sluice-job")
    static let possiblyCharged = known("x-sluice-possibly-charged")
}
