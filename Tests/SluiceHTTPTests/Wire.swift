import FoundationEssentials
import HTTPTypes
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What the clients of one surface of calls send, and what a provider that speaks its format answers: so that what holds of calls on every
/// surface is tested on each.
struct Wire: Sendable, CustomTestStringConvertible {
    /// One event of a stream.
    struct Event: Sendable, Hashable {
        var name: String?
        var data: String

        var text: String { (name.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n" }
        var step: ReplayScript.Step { .chunk(text) }
    }

    var name: String
    var path: String
    var surface: Surface
    var format: RequestFormat
    var adapter: any Adapter
    /// The members of a body beside `model`, some of which nobody knows.
    var members: String
    /// Those that ask for a stream.
    var streaming: String
    var answer: String
    /// The stream: what is held back before its content, its content, and what closes it.
    ///
    /// Some of it nobody knows.
    var preamble: [Event]
    var content: [Event]
    var finish: [Event]
    /// What keeps a reader awake before an answer has begun, and behind ``content``.
    var earlySign: String
    var sign: String
    /// A coding agent's field.
    var agent: HTTPField.Name
    /// True where an error is an end like another, so that the stream then ends in an orderly way.
    var endsInOrder = false

    var testDescription: String { name }

    /// All of them; one alone where `SLUICE_SURFACE` names it.
    static let all: [Wire] = {
        let only = ProcessInfo.processInfo.environment["SLUICE_SURFACE"]
        return [chat, messages, responses].filter { [nil, "", $0.name].contains(only) }
    }()

    /// Those whose clients take an orderly end for success.
    static let broken = all.filter { !$0.endsInOrder }

    // MARK: Requests

    var body: String { body() }
    var stream: String { body(stream: true) }

    func body(_ model: String = "m", stream: Bool = false, more: String = "") -> String {
        #"{"model":"\#(model)",\#(members)\#(stream ? streaming : "")\#(more)}"#
    }

    /// A request as it goes over the wire, with more header lines.
    func request(_ client: Client, _ body: String, _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n\(fields)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    func send(_ client: Client, _ body: String? = nil, _ fields: HTTPFields = [:]) async throws -> Answer {
        try await client.send(.post, path, body ?? self.body, fields)
    }

    // MARK: Answers

    var events: [Event] { preamble + content + finish }

    static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])

    /// The whole stream.
    var script: ReplayScript { ReplayScript([Wire.head] + events.map(\.step) + [.end]) }

    /// Its beginning, and nothing more for now.
    var begun: ReplayScript { ReplayScript([Wire.head] + (preamble + content).map(\.step) + [.hold]) }

    /// What is read once the content has come.
    var mark: String { content.last?.data ?? "" }

    /// An error in the surface's envelope, with members that nobody knows.
    func error(_ message: String = "no", type: String = "t", code: String? = nil) -> String {
        let code = code.map { "\"\($0)\"" } ?? "null"
        return surface == .anthropic
            ? #"{ "type":"error","error":{"type":"\#(type)","message":"\#(message)", "new":[1E2]},"request_id":"req_up"}"#
            : #"{ "error":{"message":"\#(message)","type":"\#(type)","param":"p","code":\#(code), "new":[1E2]}, "x":"\u0068"}"#
    }

    /// The data of the events in an answer, whatever the pieces in which it came; without what only keeps a reader awake.
    func data(_ text: String) -> [String] {
        let signs = [sign, earlySign].flatMap { Wire.lines($0) }
        // The last event may have come in part.
        let whole = text.replacing("\r\n", with: "\n").split(separator: "\n\n", omittingEmptySubsequences: false)
            .dropLast()
        return Wire.lines(whole.joined(separator: "\n\n")).filter { !signs.contains($0) }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst("data: ".count)) }
    }

    /// A sign of life as it goes over the wire, where it is a piece of its own.
    static func piece(_ sign: String) -> String { "\r\n\(sign)\r\n" }

    static let lastChunk = "0\r\n\r\n"

    // MARK: Gateways

    func gateway(
        _ streams: StreamLimits = StreamLimits(),
        script: @escaping @Sendable (Int) -> ReplayScript
    ) -> Gateway {
        .held(streams: streams, adapter: adapter, script: script)
    }

    /// By what a call with this body is found again.
    func fingerprint(_ gateway: Gateway, _ body: String) async throws -> [UInt8] {
        let owner = try await gateway.store.owners().first?.id ?? OwnerID(rawValue: "")
        return RequestFingerprint.of(owner, path, Array(body.utf8))
    }
}

// MARK: The surfaces

extension Wire {
    static let chat = Wire(
        name: "chat",
        path: "/v1/chat/completions",
        surface: .openAI,
        format: .openAIChat,
        adapter: Rig.chat,
        members: #""messages":[{"role":"user","content":"Hi"}],"new":[1E2]"#,
        streaming: #","stream":true,"stream_options":{"include_usage":true}"#,
        answer:
            #"{"id":"c1", "choices":[{"index":0,"message":{"role":"assistant","content":"h\u0069"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4},"new":[1E2]}"#,
        preamble: [Event(data: #"{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#)],
        content: [
            Event(data: #"{"id":"c1","choices":[{"index":0,"delta":{"content":"h\u0069"}}],"new":[1E2]}"#),
            Event(data: #"{"id":"c1","choices":[],"future":1.50}"#),
        ],
        finish: [
            Event(data: #"{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#),
            Event(
                data: #"{"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#
            ),
            Event(data: "[DONE]"),
        ],
        earlySign: ":\n\n",
        sign: ":\n\n",
        agent: .known("x-client-request-id")
    )

    static let messages = Wire(
        name: "messages",
        path: "/v1/messages",
        surface: .anthropic,
        format: .anthropicMessages,
        adapter: AnthropicAdapter(
            Manifest(id: "anthropic-messages", operations: [.chat: "/messages"], formats: [.anthropicMessages])
        ),
        members:
            #""max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"system","content":"x","output_config":{}}],"new":[1E2]"#,
        streaming: #","stream":true"#,
        answer: #"{"id":"msg_1", "type":"message","role":"assistant","content":[{"type":"text","text":"h\u0069"}],"#
            + #""stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1},"new":[1E2]}"#,
        preamble: [
            Event(
                name: "message_start",
                data:
                    #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"#
                    + #""stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}"#
            ),
            Event(
                name: "content_block_start",
                data: #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
            ),
        ],
        content: [
            Event(
                name: "content_block_delta",
                data:
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"h\u0069"},"new":[1E2]}"#
            ),
            Event(name: "future_event", data: #"{"type":"future_event","future":1.50}"#),
        ],
        finish: [
            Event(
                name: "message_delta",
                data: #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}"#
            ),
            Event(name: "message_stop", data: #"{"type":"message_stop" }"#),
        ],
        earlySign: "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        sign: "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        agent: .claudeSession
    )

    static let responses = Wire(
        name: "responses",
        path: "/v1/responses",
        surface: .responses,
        format: .openAIResponses,
        adapter: ResponsesAdapter(
            Manifest(
                id: "openai-responses",
                operations: [.chat: "/responses"],
                formats: [.openAIResponses, .openAICompaction]
            )
        ),
        members: #""input":[{"type":"message","role":"user","content":"Hi"}],"new":[1E2]"#,
        streaming: #","stream":true"#,
        answer:
            #"{"id":"resp_up", "object":"response","created_at":5,"status":"completed","output":[\#(item)],\#(usage),"new":[1E2]}"#,
        preamble: [
            event(
                "response.created",
                0,
                #","response":{"id":"resp_up","object":"response","created_at":5,"status":"in_progress"}"#
            ),
            event(
                "response.in_progress",
                1,
                #","response":{"id":"resp_up","object":"response","status":"in_progress"}"#
            ),
        ],
        content: [
            event(
                "response.output_text.delta",
                2,
                #","output_index":0,"content_index":0,"delta":"h\u0069","new":[1E2]"#
            ),
            event("response.future", 3, #","future":1.50"#),
        ],
        finish: [
            event(
                "response.completed",
                4,
                #","response":{"id":"resp_up","object":"response","status":"completed","output":[\#(item)],\#(usage)}"#
            )
        ],
        earlySign: ":\n\n",
        sign: "event: keepalive\ndata: {\"type\":\"keepalive\",\"sequence_number\":3}\n\n",
        agent: .threadID,
        endsInOrder: true
    )

    private static let item =
        #"{"type":"message","id":"i","role":"assistant","status":"completed","content":[{"type":"output_text","text":"h\u0069"}]}"#
    private static let usage = #""usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}"#

    private static func event(_ type: String, _ number: Int, _ more: String) -> Event {
        Event(name: type, data: #"{"type":"\#(type)","sequence_number":\#(number)\#(more)}"#)
    }
}

extension Gateway {
    /// Returns when a call with this fingerprint is without a caller; it stays so.
    func orphan(_ fingerprint: [UInt8]) async throws {
        while true {
            try Task.checkCancellation()
            if let id = engine.calls.adopt(fingerprint) { return engine.calls.leave(id, delivered: false) }
            await Task.yield()
        }
    }

    /// Runs `wait` while the clock goes on.
    func moving<Value>(sleepers: Int = 3, _ wait: () async throws -> Value) async rethrows -> Value {
        let clock = Task {
            while !Task.isCancelled {
                // The dispatcher, the sweeper, and whoever waits besides.
                if self.clock.sleepers >= sleepers { self.clock.advance(by: .milliseconds(500)) }
                await Task.yield()
            }
        }
        defer { clock.cancel() }
        return try await wait()
    }
}
