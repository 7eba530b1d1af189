public import SluiceTypes

/// What a provider said instead of an answer.
public struct ProviderError: Error, Sendable, Hashable {
    /// In the gateway's words.
    public var errorClass: ErrorClass
    /// The provider's sentence; the gateway scrubs and shortens it before it is kept.
    public var message: String
    /// The provider's own code, where it gave one.
    public var code: String?
    /// The parameter at fault, where the provider named one.
    public var parameter: String?
    /// The provider's own name for this kind of error, such as `invalid_request_error`, where it gave one.
    public var type: String?
    /// How long it asked to be left alone, where it said so in its answer's body.
    public var retryAfter: Duration?
    /// The status of its answer; nil where the error came in a stream, or without an answer.
    public var status: Int?
    /// What it said, as it came, 64 KiB at most; empty where it said nothing.
    public var body: [UInt8] = []
    /// The shape of ``body``, where it has the one in which its dialect tells errors, and is whole; nil for any other.
    public var envelope: ErrorEnvelope?
    /// True where a part of the answer had come before: it was begun, and so is paid for.
    public var isAfterContent = false

    /// Creates an error.
    public init(
        _ errorClass: ErrorClass,
        _ message: String,
        code: String? = nil,
        parameter: String? = nil,
        type: String? = nil
    ) {
        self.errorClass = errorClass
        self.message = message
        self.code = code
        self.parameter = parameter
        self.type = type
    }
}
