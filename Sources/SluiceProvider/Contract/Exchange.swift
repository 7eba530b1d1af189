public import SluiceTypes

/// One response being read: pure, with one owner.
///
/// What it returns depends on the bytes alone, not on how they were cut.
public protocol Exchange: Sendable {
    /// Takes the status line and header fields.
    mutating func begin(_ head: ResponseHead) -> [ReplyEvent]

    /// Takes more of the body, cut anywhere; `last` says that the transport ended cleanly after these bytes.
    ///
    /// After an `error` event nothing more is asked. A response that was cut is never fed with `last`.
    mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent]

    /// The transport broke off: the error that the head alone has told, and nothing where it told none.
    mutating func breakOff() -> [ReplyEvent]
}

extension Exchange {
    /// An exchange that reads nothing in a head has nothing to tell.
    public mutating func breakOff() -> [ReplyEvent] { [] }
}

/// The start of a response.
public struct ResponseHead: Sendable, Hashable {
    /// The status code.
    public var status: Int
    /// Header fields in order.
    public var headers: [HeaderField]

    /// Creates a head.
    public init(status: Int, headers: [HeaderField]) {
        self.status = status
        self.headers = headers
    }

    /// The first value of that name, letter case ignored.
    public subscript(name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}

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
    /// The status of its answer; nil where the error came in a stream, or without an answer.
    public var status: Int?
    /// What it said, as it came, 64 KiB at most; empty where it said nothing.
    public var body: [UInt8] = []
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
