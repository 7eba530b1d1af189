import HTTPTypes
import SluiceEngine
import SluiceTypes

/// Why a call has no answer, for its caller; each surface writes it in its own envelope.
///
/// Statuses are all surfaces', type, code and parameter are OpenAI's. Source: the API reference of OpenAI, "Error codes"; for
/// `x-should-retry` and `retry-after-ms` the SDKs' own source.
struct CallError: Error {
    var status: HTTPResponse.Status
    var type: String
    var code: String?
    var message: String
    /// The member of the body that is at fault.
    var parameter: String?
    var headers: HTTPFields = [:]
    /// What the provider failed with; nil where it is the gateway that refuses.
    var errorClass: ErrorClass?
    /// The provider's own words, which take the place of ours; nil where it gave none that a caller of this surface may have.
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

    /// The code of a refusal by which a model is served in other formats alone.
    static let otherFormat = "unsupported_format"

    /// The provider's own words in a stream, where no field can say that the call may have been paid for: there our sentence has to.
    var ownInStream: [UInt8]? { headers[.possiblyCharged] == nil ? own : nil }
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
    static let sluiceModel = known("x-sluice-model")
    static let sluiceRow = known("x-sluice-row")
    static let sluiceCost = known("x-sluice-cost-usd")
    static let sluiceReplayed = known("x-sluice-replayed")
    static let sluiceDropped = known("x-sluice-dropped")
    static let possiblyCharged = known("x-sluice-possibly-charged")
}
