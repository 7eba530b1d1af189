package import SluiceTypes

/// What is known of an attempt when it ends.
package struct AttemptReport: Sendable, Hashable {
    package var firstByteAt: Timestamp?
    package var endedAt: Timestamp
    package var httpStatus: Int?
    package var errorClass: ErrorClass?
    /// One sentence, scrubbed of secrets.
    package var message: String?
    /// The provider's id of its answer.
    package var upstreamID: String?
    package var usage: Usage?

    package init(
        firstByteAt: Timestamp? = nil,
        endedAt: Timestamp,
        httpStatus: Int? = nil,
        errorClass: ErrorClass? = nil,
        message: String? = nil,
        upstreamID: String? = nil,
        usage: Usage? = nil
    ) {
        self.firstByteAt = firstByteAt
        self.endedAt = endedAt
        self.httpStatus = httpStatus
        self.errorClass = errorClass
        self.message = message
        self.upstreamID = upstreamID
        self.usage = usage
    }
}
