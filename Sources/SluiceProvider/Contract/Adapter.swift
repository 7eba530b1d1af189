public import SluiceJSON
public import SluiceTypes

/// A translator between what callers ask for and one provider's wire format, opened for one row by its ``AdapterSource``.
///
/// It does no I/O and keeps no state.
///
/// The gateway owns the connection, the clock, retries, limits and the secret; the adapter turns a request into one
/// call, and response bytes into events.
public protocol Adapter: Sendable {
    /// Puts what a caller asked for into the adapter's own format.
    ///
    /// A request that came in that format stays as it is, byte for byte, but for the edits that the format needs.
    ///
    /// - Throws: ``AdapterFault`` when it can't be said in that format.
    func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest

    /// Turns a request into a call, or into an answer where no call is needed.
    ///
    /// - Throws: ``AdapterFault`` when the request can't be put into the provider's words.
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared

    /// Starts reading the response to what ``prepare(_:)`` returned for `ask`.
    func reading(for ask: Ask) -> Reading

    /// The call that asks the provider which models it has; nil where it can't be asked.
    var modelsCall: HTTPCall? { get }

    /// The models that the answer to ``modelsCall`` names; nil for one that is no list.
    func models(in answer: [UInt8]) -> [String]?
}

extension Adapter {
    /// An adapter that knows one format takes it as it comes.
    public func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        TranslatedRequest(request.document)
    }

    /// Many providers have no such list.
    public var modelsCall: HTTPCall? { nil }

    /// Nothing was asked for.
    public func models(in answer: [UInt8]) -> [String]? { nil }
}

/// One request, in the format of the adapter that is asked.
public struct Ask: Sendable {
    /// What is asked for.
    public var operation: Operation
    /// True when the answer shall come as a stream.
    public var stream: Bool
    /// Which try of the job this is, from 1.
    public var attempt: Int
    /// The model's name as the provider knows it.
    public var model: String
    /// The body that ``Adapter/translate(_:)`` gave, changed as the row says, its `model` member set to ``model`` already.
    public var body: Document

    /// Creates a request.
    public init(operation: Operation, stream: Bool, attempt: Int, model: String, body: Document) {
        self.operation = operation
        self.stream = stream
        self.attempt = attempt
        self.model = model
        self.body = body
    }
}

/// What comes of a request.
public enum Prepared: Sendable {
    /// One HTTP call.
    case call(HTTPCall)
    /// An answer without a call, played by the gateway's clock.
    case answer([TimedEvent])
}

/// An event of an answer that needs no call.
public struct TimedEvent: Sendable, Hashable {
    /// How long after the event before.
    public var after: Duration
    /// What happens then.
    public var event: ReplyEvent

    /// Creates an event.
    public init(after: Duration = .zero, _ event: ReplyEvent) {
        self.after = after
        self.event = event
    }
}

/// One HTTP request to a provider, without its secret.
public struct HTTPCall: Sendable, Hashable {
    /// The method, in capitals.
    public var method: String
    /// What follows the row's `baseURL`, with a leading `/`.
    public var path: String
    /// Header fields in order.
    public var headers: [HeaderField]
    /// The body; empty for none.
    public var body: [UInt8]
    /// How the gateway shall sign the request.
    public var authorization: Authorization

    /// Creates a call.
    public init(
        method: String,
        path: String,
        headers: [HeaderField],
        body: [UInt8],
        authorization: Authorization
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.authorization = authorization
    }
}

/// One header field.
public struct HeaderField: Sendable, Hashable {
    /// The name, in the spelling that is sent.
    public var name: String
    /// The value.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether its name is `name`, letter case ignored (RFC 9110, 5.1).
    public func isNamed(_ name: String) -> Bool {
        self.name.utf8.elementsEqual(name.utf8) { HeaderField.lower($0) == HeaderField.lower($1) }
    }

    /// Whether its name begins with `prefix`, letter case ignored.
    public func isNamed(withPrefix prefix: String) -> Bool {
        name.utf8.starts(with: prefix.utf8) { HeaderField.lower($0) == HeaderField.lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// How the gateway puts the row's secret into a call.
///
/// The adapter names the way and never sees the value.
public enum Authorization: Sendable, Hashable {
    /// Not at all.
    case none
    /// As a header field: the prefix, then the secret.
    case header(name: String, prefix: String)
    /// By a signer that the gateway has under this name.
    case signer(name: String)
}

/// What an adapter can't do: one sentence, and the class it gives the attempt.
public struct AdapterFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The class of the failure.
    public var errorClass: ErrorClass
    /// One sentence without secrets or prompts.
    public var message: String
    /// The setting at fault, where it is one.
    public var setting: String?

    /// Creates a fault.
    public init(_ errorClass: ErrorClass, _ message: String, setting: String? = nil) {
        self.errorClass = errorClass
        self.message = message
        self.setting = setting
    }

    /// The sentence.
    public var description: String { message }
}
