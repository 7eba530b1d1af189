public import SluiceJSON

/// A response that the gateway tells of itself: before a provider answered, and where none did.
///
/// What its caller asked for is said again, as it was spelled; what the caller left open stands there as the API's default, or as null
/// where only the provider knows it.
///
/// Source: the API reference of OpenAI, "The response object"; its SDK for Python 3.57, `response`, for what must be there.
public struct ResponsesObject: Sendable {
    /// How far it is.
    public enum Status: Sendable, Hashable {
        case queued
        case inProgress
        case cancelled
        /// It will never be answered; the sentence is for a person.
        case failed(ResponsesErrorCode, String)
        /// It ended before the model meant it to, for a reason such as `max_output_tokens`.
        case incomplete(String)

        fileprivate var word: String {
            switch self {
            case .queued: "queued"
            case .inProgress: "in_progress"
            case .cancelled: "cancelled"
            case .failed: "failed"
            case .incomplete: "incomplete"
            }
        }
    }

    /// The response's id.
    public let id: String
    /// When it was made, in seconds since 1970.
    public let createdAt: Int64
    /// Whether nobody waits for it.
    public let isBackground: Bool
    private let request: JSONValue

    /// Creates a response to a request; `request` is the body as it came.
    public init(id: String, createdAt: Int64, request: Document, isBackground: Bool) {
        self.id = id
        self.createdAt = createdAt
        self.isBackground = isBackground
        self.request = request.root
    }

    /// The same response by the id and the moment that its provider gave it.
    public func called(_ id: String, createdAt: Int64) -> ResponsesObject {
        ResponsesObject(id: id, createdAt: createdAt, request: request, isBackground: isBackground)
    }

    private init(id: String, createdAt: Int64, request: JSONValue, isBackground: Bool) {
        self.id = id
        self.createdAt = createdAt
        self.isBackground = isBackground
        self.request = request
    }

    /// The object: JSON text.
    public func bytes(_ status: Status) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { object in
                object.member("id", id)
                object.member("object", "response")
                object.member("created_at", createdAt)
                object.member("status", status.word)
                object.member("background", isBackground)
                writeOutcome(status, to: &object)
                for member in ResponsesObject.echoed { write(member, to: &object) }
                object.member("output", array: { _ in })
                object.key("usage")
                object.null()
            }
        }
    }

    private func writeOutcome(_ status: Status, to object: inout JSONWriter) {
        object.key("error")
        if case .failed(let code, let message) = status {
            object.object { error in
                error.member("code", code.rawValue)
                error.member("message", message)
            }
        } else {
            object.null()
        }
        object.key("incomplete_details")
        if case .incomplete(let reason) = status {
            object.object { $0.member("reason", reason) }
        } else {
            object.null()
        }
    }
}

// MARK: What the caller asked for

extension ResponsesObject {
    /// A member of a request that the response has too.
    private struct Echoed {
        let name: String
        let kinds: Set<JSONValue.Kind>
        /// What stands there where the caller said nothing; nil for nothing at all.
        let standard: String?

        init(_ name: String, _ kinds: JSONValue.Kind..., else standard: String? = "null") {
            self.name = name
            self.kinds = Set(kinds)
            self.standard = standard
        }
    }

    private static let echoed = [
        Echoed("instructions", .string, .array),
        Echoed("max_output_tokens", .number),
        Echoed("max_tool_calls", .number),
        Echoed("metadata", .object, else: "{}"),
        Echoed("model", .string, else: #""""#),
        Echoed("parallel_tool_calls", .boolean, else: "true"),
        Echoed("previous_response_id", .string),
        Echoed("prompt", .object, else: nil),
        Echoed("prompt_cache_key", .string),
        Echoed("prompt_cache_retention", .string),
        Echoed("reasoning", .object, else: #"{"effort":null,"summary":null}"#),
        Echoed("safety_identifier", .string),
        Echoed("service_tier", .string, else: #""auto""#),
        Echoed("store", .boolean, else: "true"),
        Echoed("temperature", .number),
        Echoed("text", .object, else: #"{"format":{"type":"text"}}"#),
        Echoed("tool_choice", .string, .object, else: #""auto""#),
        Echoed("tools", .array, else: "[]"),
        Echoed("top_logprobs", .number, else: nil),
        Echoed("top_p", .number),
        Echoed("truncation", .string, else: #""disabled""#),
        Echoed("user", .string),
    ]

    private func write(_ member: Echoed, to object: inout JSONWriter) {
        guard let value = request[key: member.name], member.kinds.contains(value.kind) else {
            if let standard = member.standard { object.member(member.name, RawJSON(standard.utf8)) }
            return
        }
        object.key(member.name)
        if member.name == "tools" {
            object.raw(ResponsesObject.withoutSecrets(value))
        } else {
            object.raw(value.bytes)
        }
    }

    /// Tools without what a caller gave them to show at a server of its own: the API does not say it again either.
    private static func withoutSecrets(_ tools: JSONValue) -> [UInt8] {
        var splice = Splice(tools)
        for tool in tools.elements { splice.change(tool, cutting: ["authorization", "headers"]) }
        return splice.text
    }
}

// MARK: Events

extension ResponsesObject {
    /// The event that begins a response: `response.created`.
    public func created(_ numbers: inout ResponsesNumbers) -> SSEDecoder.Event {
        event("response.created", isBackground ? .queued : .inProgress, &numbers)
    }

    /// The event that says that it waits: `response.queued`.
    public func queued(_ numbers: inout ResponsesNumbers) -> SSEDecoder.Event {
        event("response.queued", .queued, &numbers)
    }

    /// The events that say that it failed: `response.failed`, and before it `response.created` where none went out.
    ///
    /// A bare `error` is raised neither by OpenAI's SDKs nor by Codex, and a failure of something that was never begun is not understood.
    public func failed(
        _ code: ResponsesErrorCode,
        _ message: String,
        hasBegun: Bool,
        _ numbers: inout ResponsesNumbers
    ) -> [SSEDecoder.Event] {
        let beginning = hasBegun ? [] : [created(&numbers)]
        return beginning + [event("response.failed", .failed(code, message), &numbers)]
    }

    /// The event by which a response ends that is there already; `object` is JSON text.
    public static func ended(_ object: [UInt8], _ numbers: inout ResponsesNumbers) -> SSEDecoder.Event {
        let status = (try? Document(indexing: object, limits: AnswerLimits.json))?.root[key: "status"]?.string
        let type =
            switch status {
            case "incomplete": "response.incomplete"
            case "failed", "cancelled": "response.failed"
            default: "response.completed"
            }
        let number = numbers.next()
        let data = JSONWriter.bytes { writer in
            writer.object { event in
                event.member("type", type)
                event.member("sequence_number", number)
                event.member("response", RawJSON(object))
            }
        }
        return SSEDecoder.Event(name: type, data: data)
    }

    /// The event that says nothing, for clients who measure the time between events: it has the number of the one before it.
    public static func keepAlive(_ numbers: ResponsesNumbers) -> SSEDecoder.Event {
        let data = JSONWriter.bytes { writer in
            writer.object { event in
                event.member("type", "keepalive")
                event.member("sequence_number", numbers.last ?? 0)
            }
        }
        return SSEDecoder.Event(name: "keepalive", data: data)
    }

    private func event(_ type: String, _ status: Status, _ numbers: inout ResponsesNumbers) -> SSEDecoder.Event {
        let number = numbers.next()
        let data = JSONWriter.bytes { writer in
            writer.object { event in
                event.member("type", type)
                event.member("sequence_number", number)
                event.member("response", RawJSON(bytes(status)))
            }
        }
        return SSEDecoder.Event(name: type, data: data)
    }
}
