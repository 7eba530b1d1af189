import SluiceProvider
import SluiceStore
package import SluiceTypes

/// Why a call has no answer.
package struct CallFailure: Sendable, Hashable {
    /// What the provider said, in the shape in which its dialect tells errors.
    package struct Own: Sendable, Hashable {
        /// Nil where the error came in an answer that had begun as a good one.
        package var status: Int?
        /// 64 KiB at most; the row's secrets are taken out, and nothing else.
        package var body: [UInt8]
        package var envelope: ErrorEnvelope

        package init(status: Int?, body: [UInt8], envelope: ErrorEnvelope) {
            self.status = status
            self.body = body
            self.envelope = envelope
        }
    }

    package var errorClass: ErrorClass
    /// One sentence, scrubbed of secrets.
    package var message: String
    /// The provider's own type, code and parameter of the error, where it gave them; scrubbed of secrets.
    package var type: String?
    package var code: String?
    package var parameter: String?
    /// The provider's status; nil where it gave none.
    package var httpStatus: Int?
    /// How long to wait before another try, as the provider asked, or else until its row opens; nil where nobody knows.
    package var retryAfter: Duration?
    /// The header fields of its answer that go back to the caller, by their names in small letters.
    package var fields: [String: String]
    /// False when the provider saw nothing of the request.
    package var wasSent: Bool
    /// True when nobody can tell whether the provider charged for it.
    package var possiblyCharged: Bool
    /// The provider's own answer; nil where it gave none in its dialect's shape.
    ///
    /// Of a job that is read from the store the engine gives it: see ``Engine/own(of:)``.
    package var own: Own?

    package init(
        _ errorClass: ErrorClass,
        _ message: String,
        type: String? = nil,
        code: String? = nil,
        parameter: String? = nil,
        httpStatus: Int? = nil,
        retryAfter: Duration? = nil,
        fields: [String: String] = [:],
        wasSent: Bool = true,
        possiblyCharged: Bool = false,
        own: Own? = nil
    ) {
        self.errorClass = errorClass
        self.message = message
        self.type = type
        self.code = code
        self.parameter = parameter
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
        self.fields = fields
        self.wasSent = wasSent
        self.possiblyCharged = possiblyCharged
        self.own = own
    }

    /// The same without the values of `secrets`, in whatever spelling: a caller's own API token, which its surface alone knows.
    package func hiding(_ secrets: [Secret]) -> CallFailure {
        let hide = { (text: String) in String(decoding: Scrubber.hide(secrets, in: Array(text.utf8)), as: UTF8.self) }
        var failure = self
        failure.message = hide(message)
        failure.type = type.map(hide)
        failure.code = code.map(hide)
        failure.parameter = parameter.map(hide)
        failure.fields = fields.mapValues(hide)
        failure.own?.body = Scrubber.hide(secrets, in: own?.body ?? [])
        return failure
    }
}
