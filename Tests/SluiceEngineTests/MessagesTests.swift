import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// A call in the format of Anthropic's Messages, to a provider that speaks it.
@Suite("A message", .timeLimit(.minutes(1)))
struct MessagesTests {
    private static let adapter = AnthropicAdapter(
        Manifest(id: "anthropic-messages", operations: [.chat: "/messages"], formats: [.anthropicMessages])
    )
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let start = event(
        "message_start",
        #","message":{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"usage":{"input_tokens":3}}"#
    )
    private static let delta = event(
        "content_block_delta",
        #","index":0,"delta":{"type":"text_delta","text":"hi"}"#
    )
    private static let finish = event(
        "message_delta",
        #","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}"#
    )
    private static let stop = event("message_stop", "")
    private static let overloaded = event("error", #","error":{"type":"overloaded_error","message":"Overloaded"}"#)

    private static func event(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(members)}\n\n"
    }

    private static func rows(_ count: Int = 1) -> [ProviderRow] {
        (0..<count).map { Rig.row("row\($0)", adapter: adapter, priority: $0) }
    }

    private static let plain =
        #"{"id":"msg_1","type":"message","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}"#
    private static let refusal = #"{"type":"error","error":{"type":"invalid_request_error","message":"no"}}"#
    private static let fields =
        #"{"anthropic-beta":["a-1","b-2"],"anthropic-new":"n","anthropic-version":"2024-01-01","anthropic-workspace-id":"w"}"#

    private static func job(_ rig: Rig, stream: Bool, format: RequestFormat = .anthropicMessages) -> NewJob {
        rig.job(
            #"{"model":"m","max_tokens":9,"messages":[]}"#,
            surface: .openAI,
            format: format,
            stream: stream,
            lane: .interactive,
            onUnknown: .deadLetter
        )
    }

    private func open(_ rig: Rig, stream: Bool, format: RequestFormat = .anthropicMessages) async throws -> LiveCall {
        var job = Self.job(rig, stream: stream, format: format)
        job.input.fields = Array(Self.fields.utf8)
        let request = CallRequest(job: job, commitsFirst: false, onDisconnect: .cancel)
        guard case .live(let call) = await rig.engine.calls.open(request) else { throw Unexpected() }
        return call
    }

    @Test("is whole with its mark, each event logged with its name, though nobody hangs up")
    func whole() async throws {
        let script = ReplayScript([
            Self.head, .chunk(Self.start + Self.delta), .chunk(Self.finish), .chunk(Self.stop), .hold,
        ])
        try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            guard case .succeeded = await call.end() else { throw Unexpected() }
            let named = await log.lines.filter { $0.hasPrefix("upstream") || $0.hasPrefix("terminal") }
            #expect(
                named == [
                    "upstream preamble message_start", "upstream content content_block_delta",
                    "upstream ending message_delta", "terminal ending message_stop",
                ]
            )
            #expect(rig.transport.concluded == [1])
            #expect(rig.transport.calls.first?.body == Array(#"{"model":"m","max_tokens":9,"messages":[]}"#.utf8))
            let job = try #require(try await rig.store.job(call.id, owner: nil))
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
            #expect(job.result?.text == "hi")
        }
    }

    @Test("without content, as one that only fills a cache, is a stream all the same")
    func noContent() async throws {
        let script = ReplayScript([Self.head, .chunk(Self.start), .chunk(Self.finish + Self.stop), .hold])
        try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
            let call = try await open(rig, stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            guard case .succeeded = await call.end() else { throw Unexpected() }
            var telling = AnswerTelling(of: log)
            var told = log.piece(from: 0).flatMap { telling.take($0) }.map { Array(LogEntries($0)) } ?? []
            while let piece = telling.rest() { told += LogEntries(piece) }
            let names = told.filter { [.upstream, .terminal].contains($0.kind) }.map {
                String(decoding: $0.name, as: UTF8.self)
            }
            #expect(names == ["message_start", "message_delta", "message_stop"])
        }
    }

    @Test("that ends cleanly behind its finish is whole without the mark, and none before it")
    func cleanEnds() async throws {
        for (events, isWhole) in [(Self.start + Self.delta + Self.finish, true), (Self.start + Self.delta, false)] {
            let script = ReplayScript([Self.head, .chunk(events), .end])
            try await Rig(rows: Self.rows()) { _, _ in script }.run { rig in
                switch try await open(rig, stream: true).end() {
                case .succeeded: #expect(isWhole)
                case .failed(let failure): #expect(!isWhole && failure.possiblyCharged)
                default: throw Unexpected()
                }
            }
        }
    }

    @Test("that fails behind its beginning is given by the next row, and behind content by nobody")
    func errors() async throws {
        for (events, isMoved) in [(Self.start, true), (Self.start + Self.delta, false)] {
            try await Rig(rows: Self.rows(2)) { call, _ in
                let rest = Self.delta + Self.finish + Self.stop
                let text = call.url.contains("row0") ? events + Self.overloaded : Self.start + rest
                return ReplayScript([Self.head, .chunk(text), .end])
            }.run { rig in
                switch try await open(rig, stream: true).end() {
                case .succeeded: #expect(isMoved)
                case .failed(let failure): #expect(!isMoved && failure.possiblyCharged)
                default: throw Unexpected()
                }
                #expect(rig.transport.calls.count == (isMoved ? 2 : 1))
            }
        }
    }

    @Test("takes its caller's fields along, from the queue and when it is redriven too, on every row")
    func fieldsUp() async throws {
        var rows = Self.rows(2)
        rows[0].betas = .pass
        rows[1].betas = .only(["b-2"])
        try await Rig(rows: rows) { call, number in
            switch number {
            case 1: .answer(status: 500, #"{"type":"error","error":{"type":"api_error","message":"no"}}"#)
            case 2: .answer(status: 400, Self.refusal)
            default: .answer(Self.plain)
            }
        }.run { rig in
            var job = Self.job(rig, stream: false)
            job.input.fields = Array(Self.fields.utf8)
            guard case .created(let id) = try await rig.engine.submit(job) else { throw Unexpected() }
            #expect(try await rig.ended(id).state == .dead)
            guard case .queued = try await rig.engine.redrive(id, owner: nil, model: nil, audit: nil) else {
                throw Unexpected()
            }
            #expect(try await rig.ended(id).state == .succeeded)
            guard case .succeeded = try await open(rig, stream: false).end() else { throw Unexpected() }
            let sent = rig.transport.calls.map { call in
                call.headers.filter { $0.isNamed(withPrefix: "anthropic-") }.map { "\($0.name): \($0.value)" }
            }
            let all = [
                "anthropic-version: 2024-01-01", "anthropic-beta: a-1", "anthropic-beta: b-2", "anthropic-new: n",
            ]
            let listed = ["anthropic-version: 2024-01-01", "anthropic-beta: b-2", "anthropic-new: n"]
            #expect(sent.count == 4 && sent.filter { $0 == all }.count + sent.filter { $0 == listed }.count == 4)
            #expect(Set(sent) == [all, listed])
        }
    }

    @Test("brings back the fields of the row that answered, and those of an error with that")
    func fieldsBack() async throws {
        let json = HeaderField("content-type", "application/json")
        try await Rig(rows: Self.rows(2)) { call, number in
            let fields = [
                json, HeaderField("Request-Id", "req_\(number)"), HeaderField("anthropic-organization-id", "o"),
                HeaderField("anthropic-new", "eyJhbGciOiJIUzI1NiJ9.top-secret-key"), HeaderField("x-request-id", "x"),
            ]
            if number == 3 { return .answer(status: 400, headers: fields, Self.refusal) }
            if call.url.contains("row0") {
                return .answer(status: 500, headers: fields, #"{"type":"error","error":{"type":"api_error"}}"#)
            }
            return .answer(headers: fields, Self.plain)
        }.run { rig in
            let call = try await open(rig, stream: false)
            guard case .succeeded = await call.end() else { throw Unexpected() }
            // The row's secret is taken out, and nothing of what only looks like one.
            #expect(call.fields == ["request-id": "req_2", "anthropic-new": "eyJhbGciOiJIUzI1NiJ9.[redacted]"])
            guard case .failed(let failure) = try await open(rig, stream: false).end() else { throw Unexpected() }
            #expect(failure.fields["request-id"] == "req_3" && failure.fields.count == 2)
        }
    }

    @Test("whose model stopped for a reason that nobody here knows is whole, and its attempt tells the provider's word")
    func unknownReason() async throws {
        let words = [("new_reason", "stop"), ("max_tokens", "length"), ("stop", "stop")]
        try await Rig(rows: Self.rows()) { _, number in
            .answer(Self.plain.replacing("end_turn", with: words[number - 1].0))
        }.run { rig in
            for (word, reason) in words {
                guard case .created(let id) = try await rig.engine.submit(Self.job(rig, stream: false)) else {
                    throw Unexpected()
                }
                let job = try await rig.ended(id)
                #expect(job.state == .succeeded && job.result?.finish == reason)
                #expect(job.lastAttempt?.report?.finishUpstream == (word == reason ? nil : word))
            }
        }
    }

    @Test("that is dead tells who asks for it again what the provider said, as it said it")
    func ownError() async throws {
        let odd =
            #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded top-secret-key","x":1.50}}"#
        try await Rig(rows: Self.rows()) { _, number in
            number == 1 ? .answer(status: 413, odd) : .answer(status: 400, #"{"detail":"no"}"#)
        }.run { rig in
            var owns: [CallFailure.Own?] = []
            for _ in 0..<2 {
                guard case .created(let id) = try await rig.engine.submit(Self.job(rig, stream: false)) else {
                    throw Unexpected()
                }
                let job = try await rig.ended(id)
                #expect(job.state == .dead)
                owns.append(await rig.engine.own(of: job))
            }
            let told = Array(odd.replacing("top-secret-key", with: "[redacted]").utf8)
            // The second error has another shape than its dialect's.
            #expect(owns == [CallFailure.Own(status: 413, body: told, envelope: .anthropic), nil])
            guard case .created(let id) = try await rig.engine.submit(Self.job(rig, stream: false)) else {
                throw Unexpected()
            }
            var other = try await rig.ended(id)
            // It died of something else later.
            other.errorClass = .expired
            #expect(await rig.engine.own(of: other) == nil)
        }
    }

    @Test("is refused by such a row in any other format, and nothing is sent")
    func otherFormat() async throws {
        try await Rig(rows: Self.rows()) { _, _ in ReplayScript([]) }.run { rig in
            guard case .failed(let failure) = try await open(rig, stream: false, format: .openAIChat).end() else {
                throw Unexpected()
            }
            #expect(failure.message.contains("POST /v1/messages"))
            #expect(rig.transport.calls.isEmpty)
        }
    }
}
