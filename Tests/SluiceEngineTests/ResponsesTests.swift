import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// A call in the format of OpenAI's Responses, to a provider that speaks it.
@Suite("A response", .timeLimit(.minutes(1)))
struct ResponsesTests {
    private static let adapter = ResponsesAdapter(
        Manifest(id: "openai-responses", operations: [.chat: "/responses"], formats: [.openAIResponses])
    )
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let created = event("response.created", #","response":{"id":"resp_1","status":"in_progress"}"#)
    private static let delta = event("response.output_text.delta", #","delta":"hi""#)
    private static let response =
        #"{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":1}}"#
    private static let completed = event("response.completed", #","response":\#(response)"#)
    private static let failed = event("response.failed", #","response":{"error":{"code":"server_is_overloaded"}}"#)

    private static func event(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(members)}\n\n"
    }

    private static func rows(_ count: Int = 1) -> [ProviderRow] {
        (0..<count).map { Rig.row("row\($0)", adapter: adapter, priority: $0) }
    }

    private func open(_ rig: Rig, stream: Bool) async throws -> LiveCall {
        var job = rig.job(
            #"{"model":"m","background":true,"input":"hello"}"#,
            surface: .openAI,
            format: .openAIResponses,
            stream: stream,
            lane: .interactive,
            onUnknown: .deadLetter
        )
        job.input.fields = Array(#"{"x-codex-turn-state":"s","anthropic-beta":"b","openai-project":"p"}"#.utf8)
        let request = CallRequest(job: job, commitsFirst: false, onDisconnect: .cancel)
        guard case .live(let call) = await rig.engine.calls.open(request) else { throw Unexpected() }
        return call
    }

    @Test("is whole with the event that ends it, which its log holds once, whatever follows and though nobody hangs up")
    func whole() async throws {
        let script = ReplayScript([
            Self.head, .chunk(Self.created + Self.delta), .chunk(Self.completed + "data: [DONE]\n\n"), .hold,
        ])
        try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            guard case .succeeded = await call.end() else { throw Unexpected() }
            #expect(
                await log.lines == [
                    "start preamble ", "upstream preamble response.created", "text content ",
                    "upstream content response.output_text.delta", "usage content ", "finish ending ",
                    "terminal ending response.completed",
                ]
            )
            #expect(rig.transport.concluded == [1])
            let job = try #require(try await rig.store.job(call.id, owner: nil))
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
            #expect(job.result?.text == "hi")
        }
    }

    @Test("that ends cleanly without the event that ends it is none")
    func cutCleanly() async throws {
        let script = ReplayScript([Self.head, .chunk(Self.created + Self.delta), .end])
        try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.possiblyCharged)
        }
    }

    @Test("that fails before its content is given by the next row")
    func preamble() async throws {
        try await Rig(rows: Self.rows(2)) { call, _ in
            let rest = call.url.contains("row0") ? Self.failed : Self.delta + Self.completed
            return ReplayScript([Self.head, .chunk(Self.created + rest), .end])
        }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            #expect(log.epoch == 2)
            guard case .succeeded = await call.end() else { throw Unexpected() }
        }
    }

    @Test("that is nothing but its beginning and its end is a stream all the same, and one row's alone")
    func noContent() async throws {
        let script = ReplayScript([Self.head, .chunk(Self.created), .chunk(Self.completed), .hold])
        try await Rig(rows: Self.rows(2)) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            guard case .succeeded = await call.end() else { throw Unexpected() }
            #expect(rig.transport.calls.count == 1)
            var telling = AnswerTelling(of: log)
            var told = log.piece(from: 0).flatMap { telling.take($0) }.map { Array(LogEntries($0)) } ?? []
            while let piece = telling.rest() { told += LogEntries(piece) }
            let names = told.filter { [.upstream, .terminal].contains($0.kind) }.map {
                String(decoding: $0.name, as: UTF8.self)
            }
            #expect(names == ["response.created", "response.completed"])
        }
    }

    @Test("whose beginning repeats a long request is held back all the same, and given by the next row")
    func longPreamble() async throws {
        let instructions = String(repeating: "long ", count: 20_000)
        let created = Self.event("response.created", #","response":{"id":"resp_1","instructions":"\#(instructions)"}"#)
        try await Rig(rows: Self.rows(2)) { call, _ in
            let rest = call.url.contains("row0") ? Self.failed : Self.delta + Self.completed
            return ReplayScript([Self.head, .chunk(created + rest), .end])
        }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            #expect(log.epoch == 2)
            guard case .succeeded = await call.end() else { throw Unexpected() }
        }
    }

    @Test("that nobody asked to have as a stream is the object in its last event")
    func putTogether() async throws {
        let script = ReplayScript([Self.head, .chunk(Self.created + Self.delta + Self.completed), .hold])
        try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: false)
            guard case .succeeded(let body, _) = await call.end() else { throw Unexpected() }
            #expect(String(decoding: body, as: UTF8.self) == Self.response)
            #expect(rig.transport.calls.first?.body == Array(#"{"model":"m","input":"hello"}"#.utf8))
            let sent = rig.transport.calls.first?.headers.map(\.name)
            #expect(sent == ["Content-Type", "x-codex-turn-state"])
        }
    }
}
