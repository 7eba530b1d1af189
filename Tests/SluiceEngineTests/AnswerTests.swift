import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// How answers begin and end, of providers as they are.
@Suite("An answer", .timeLimit(.minutes(1)))
struct AnswerTests {
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let role = #"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"# + "\n\n"
    private static let whole =
        #"data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}"# + "\n\n"
    private static let usage =
        #"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"# + "\n\n"
    private static let two = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]

    @Test("is whole at its mark, though its connection stays open, and its place is free")
    func heldOpen() async throws {
        let script = ReplayScript([Self.head, .chunk(Self.whole), .chunk("data: [DONE]\n\n"), .hold])
        try await Rig(rows: [Rig.row(concurrency: 1)]) { _, _ in script }.run { rig in
            for number in 1...2 {
                let call = try await rig.open(stream: true)
                guard case .succeeded = await call.end() else { throw Unexpected() }
                #expect(rig.transport.concluded == Array(1...number))
            }
            #expect(rig.transport.cancelled.isEmpty)
            #expect(rig.engine.rows.first?.running == 0)
        }
    }

    @Test("without a mark is whole two seconds behind its last event, heartbeats or not", arguments: [false, true])
    func heartbeats(isStream: Bool) async throws {
        let script = ReplayScript([Self.head, .chunk(Self.whole), .hold])
        try await Rig { _, _ in script }.run { rig in
            let call = try await rig.open(stream: isStream)
            try await rig.transport.waitForCalls(1)
            // The dispatcher, the sweeper, and whoever waits for the end.
            try await rig.clock.waitForSleepers(3)
            rig.clock.advance(by: .seconds(1))
            rig.transport.play(1, .chunk(": hb\n\n"), .hold)
            rig.transport.play(1, .chunk(Self.usage), .hold)
            while rig.engine.rows.first?.running == 1 {
                rig.clock.advance(by: .milliseconds(250))
                rig.transport.play(1, .chunk(": hb\n\n"), .hold)
                await Task.yield()
            }
            guard case .succeeded(let body, _) = await call.end() else { throw Unexpected() }
            #expect(rig.clock.now.sinceStart >= .seconds(2))
            #expect(rig.transport.concluded == [1])
            let job = try #require(try await rig.store.job(call.id, owner: nil))
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
            // Nobody asked the plain call's provider for a stream, and its caller gets one object.
            #expect(String(decoding: body, as: UTF8.self).contains(#""content":"hi""#) == !isStream)
        }
    }

    @Test("that is cut behind its finish, without a mark, is none")
    func cutBehindFinish() async throws {
        let script = ReplayScript([
            Self.head, .chunk(Self.whole), .fail(TransportError(.reset, requestSent: true, "reset")),
        ])
        try await Rig { _, _ in script }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.possiblyCharged)
        }
    }

    @Test("that fails before its content is given by the next row, and nobody sees how it began")
    func preamble() async throws {
        let error = #"data: {"error":{"message":"overloaded","code":503}}"# + "\n\n"
        try await Rig(rows: Self.two) { call, _ in
            call.url.contains("first") ? ReplayScript([Self.head, .chunk(Self.role), .chunk(error), .end]) : Rig.stream
        }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            #expect(log.epoch == 2)
            #expect(await rig.chunks(log) == Rig.chunks)
            guard case .succeeded = await call.end() else { throw Unexpected() }
        }
    }

    @Test("is not begun with whose it is, and is with the first thought")
    func reasoning() async throws {
        let thought = #"data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}"# + "\n\n"
        let script = ReplayScript([Self.head, .chunk(Self.role), .hold, .chunk(thought)])
        try await Rig { _, _ in script }.run { rig in
            let call = try await rig.open(stream: true)
            try await rig.transport.waitForCalls(1)
            #expect(await call.beginning(unless: Self.gone) == nil)
            rig.transport.release(1)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            // What was held back comes first.
            let piece = try #require(log.piece(from: 0))
            #expect(LogEntries(piece).filter { $0.kind == .upstream }.count == 2)
            rig.transport.play(1, .chunk(Self.whole), .end)
            guard case .succeeded = await call.end() else { throw Unexpected() }
        }
    }

    private static let gone: Signal = {
        let signal = Signal()
        signal.fire()
        return signal
    }()

    @Test("that nobody hears of is quiet once its request has been out for so long, and then from time to time")
    func quiet() async throws {
        let script = ReplayScript([.hold, Self.head, .chunk(Self.whole), .chunk("data: [DONE]\n\n"), .end])
        try await Rig { _, _ in script }.run { rig in
            let call = try await rig.open(stream: true)
            async let beginning = call.beginning(within: .sinceRequest(.seconds(25)))
            try await rig.clock.waitForSleepers(3)
            rig.clock.advance(by: .seconds(25))
            guard case .quiet = await beginning else { throw Unexpected() }
            async let next = call.beginning(within: .fromNow(.seconds(15)))
            try await rig.clock.waitForSleepers(3)
            rig.clock.advance(by: .seconds(15))
            guard case .quiet = await next else { throw Unexpected() }
            rig.transport.release(1)
            guard case .stream = await call.beginning(within: .fromNow(.seconds(15))) else { throw Unexpected() }
            guard case .succeeded = await call.end() else { throw Unexpected() }
        }
    }

    @Test("of a status that calls for another try is tried again, and the row is well", arguments: [409, 425])
    func conflict(status: Int) async throws {
        try await Rig { _, number in number <= 12 ? Rig.refusal(status) : Rig.answer }.run { rig in
            for _ in 1...6 {
                let id = try await rig.submit()
                let job = try await rig.ended(id)
                #expect((job.state, job.failures) == (.dead, 2))
            }
            // Twelve failures in a row, and it does not rest.
            let id = try await rig.submit()
            #expect(try await rig.ended(id).state == .succeeded)
            #expect(rig.engine.rows.first?.models.isEmpty == true)
        }
    }

    @Test(
        "of something that is not the provider is given by the next row, and nothing is shut",
        arguments: [
            Rig.page(404), Rig.refusal(302), .answer(status: 404, #"{"detail":"Not Found"}"#),
        ]
    )
    func misplaced(script: ReplayScript) async throws {
        try await Rig(rows: Self.two) { call, _ in call.url.contains("first") ? script : Rig.answer }.run { rig in
            for _ in 1...6 {
                let call = try await rig.open()
                guard case .succeeded = await call.end() else { throw Unexpected() }
            }
            let row = try #require(rig.engine.rows.first)
            #expect(row.misconfigured?.contains("http://first.test/first/chat/completions answered with") == true)
            #expect(row.models.isEmpty && row.unavailable == nil)
            #expect(rig.transport.calls.count == 12)
            #expect(rig.log.count("not the provider's API") == 1)
        }
    }

    @Test("of something that is not the provider, and of nobody else, is told without its address; a job is dead")
    func misplacedAlone() async throws {
        try await Rig { _, number in number <= 2 ? Rig.page(404) : Rig.answer }.run { rig in
            let call = try await rig.open()
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .misconfigured && !failure.possiblyCharged)
            #expect(failure.message.hasPrefix("Row up: ") && !failure.message.contains("test/"))
            let job = try await rig.ended(try await rig.submit())
            #expect((job.state, job.errorClass, job.failures) == (.dead, .misconfigured, 0))
            #expect(rig.engine.rows.first?.misconfigured != nil)
            // It is well, once it answers.
            guard case .succeeded = await (try rig.open()).end() else { throw Unexpected() }
            #expect(rig.engine.rows.first?.misconfigured == nil)
        }
    }

    @Test("keeps nothing of any secret of its row, however it is spelt")
    func secrets() async throws {
        var row = Rig.row(credentials: [
            Credential(slot: "env:A", secret: Secret("first+key/1")),
            Credential(slot: "env:B", secret: Secret("second key")),
        ])
        row.statePolicy.isShared = true
        row.endpoint?.secretHeaders = [SecretHeader(name: "x-k", prefix: "", secret: Secret("third-key"))]
        let said = "first%2Bkey%2F1 second%20key Zmlyc3Qra2V5LzE= third-key"
        let refusal = ReplayScript.answer(
            status: 400,
            headers: [HeaderField("x-ratelimit-note", "second+key third-key")],
            "{\"error\":{\"message\":\"\(said)\",\"code\":\"third-key\"}}"
        )
        try await Rig(rows: [row]) { _, _ in refusal }.run { rig in
            let call = try await rig.open()
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.message == "[redacted] [redacted] [redacted] [redacted]")
            #expect(failure.code == "[redacted]")
            #expect(failure.fields == ["x-ratelimit-note": "[redacted] [redacted]"])
        }
    }
}

extension Rig {
    /// What a web server says that is no API.
    fileprivate static func page(_ status: Int) -> ReplayScript {
        .answer(
            status: status,
            headers: [HeaderField("content-type", "text/html")],
            "<html><body>Nothing here</body></html>"
        )
    }
}
