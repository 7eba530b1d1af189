import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite("A call whose caller waits", .timeLimit(.minutes(1)))
struct CallTests {
    @Test("is answered with the provider's own object, stored with its account, and told of once that is so")
    func whole() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let call = try await rig.open()
            guard case .succeeded(let body, _) = await call.end() else { throw Unexpected() }
            #expect(String(decoding: body, as: UTF8.self).hasPrefix(#"{"id":"up-1","choices""#))
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect(job.state == .succeeded)
            #expect(job.result?.body == body)
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
            #expect((job.epoch, job.attempts) == (1, 1))
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("begins with the first chunk, and a stream's chunks come in order and as they were sent")
    func stream() async throws {
        try await Rig(script: { _, _ in Rig.stream }).run { rig in
            let call = try await rig.open(stream: true)
            guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
            #expect(await rig.chunks(log) == Rig.chunks)
            guard case .succeeded(let body, _) = await call.end() else { throw Unexpected() }
            #expect(body.isEmpty)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect(job.result?.text == "hi")
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
        }
    }

    @Test("asks for a stream's tokens, whatever its caller did, and changes nothing else")
    func asksForUsage() async throws {
        try await Rig(script: { _, _ in Rig.stream }).run { rig in
            let call = try await rig.open(#"{"model":"m", "messages":[],"stream":true,"new":1E2}"#, stream: true)
            _ = await call.end()
            let sent = try #require(rig.transport.calls.first)
            let expected =
                #"{"model":"m", "messages":[],"stream":true,"new":1E2,"stream_options":{"include_usage":true}}"#
            #expect(String(decoding: sent.body, as: UTF8.self) == expected)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect(job.input?.body == Array(#"{"model":"m", "messages":[],"stream":true,"new":1E2}"#.utf8))
        }
    }

    @Test(
        "moves on to another row at once while nothing has reached its caller",
        arguments: [500, 429, 401, 404, 503],
        [false, true]
    )
    func fallback(status: Int, isStream: Bool) async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        try await Rig(rows: rows) { call, _ in
            call.url.contains("first") ? Rig.refusal(status) : isStream ? Rig.stream : Rig.answer
        }.run { rig in
            let call = try await rig.open(stream: isStream)
            if isStream {
                guard case .stream(let log) = await call.beginning() else { throw Unexpected() }
                #expect(log.epoch == 2)
                #expect(await rig.chunks(log) == Rig.chunks)
            }
            guard case .succeeded = await call.end() else { throw Unexpected() }
            let attempts = try await rig.store.attempts(call.id, owner: nil)
            #expect(attempts?.map(\.start.row) == ["first", "second"])
            #expect(attempts?.map(\.outcome) == [status == 429 ? .deferred : .failed, .ok])
            // Moving on costs nothing.
            #expect(try await rig.store.job(call.id, owner: nil)?.failures == 0)
        }
    }

    @Test("stays with the row whose chunks its caller may have seen, and keeps what came")
    func noFallback() async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        let cut = ReplayScript([
            .head(200, [HeaderField("content-type", "text/event-stream")]), .chunk("data: \(Rig.chunks[0])\n\n"),
            .fail(TransportError(.reset, requestSent: true, "reset")),
        ])
        try await Rig(rows: rows) { _, _ in cut }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .stream = await call.beginning() else { throw Unexpected() }
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .network)
            #expect(rig.transport.calls.count == 1)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect((job.state, job.errorClass, job.possiblyCharged) == (.dead, .network, true))
        }
    }

    @Test(
        "stays with the row whose chunks its caller may have seen, whatever error the row sends then",
        arguments: [
            Rig.chunks[0], #"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}"#, #"{"news":1}"#,
            #"{"choices":[],"usage":{"prompt_tokens":1}}"#,
        ]
    )
    func noFallbackFromError(first: String) async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        let limited = ReplayScript.stream([
            first, #"{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}"#,
        ])
        try await Rig(rows: rows) { _, _ in limited }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .rateLimit)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test(
        "stays with the row that wrote something, whatever it says behind that",
        arguments: [
            #"{"choices":[{"index":0,"message":{"content":"So f"},"finish_reason":"error"}]}"#,
            #"{"choices":[{"index":0,"message":{"content":"So f"},"finish_reason":"insufficient_system_resource"}]}"#,
            #"{"error":{"code":502,"message":"x"},"choices":[{"index":0,"message":{"content":"So f"}}]}"#,
            #"{"error":{"code":402,"message":"x"},"choices":[{"index":0,"message":{"content":"So f"}}]}"#,
        ]
    )
    func noFallbackFromPlain(answer: String) async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        try await Rig(rows: rows) { _, _ in .answer(answer) }.run { rig in
            let call = try await rig.open()
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.possiblyCharged)
            #expect(rig.transport.calls.count == 1)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect((job.state, job.possiblyCharged) == (.dead, true))
        }
    }

    @Test("about whose request a stream complains behind its text is dead, and may have been paid")
    func noRepetition() async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        let refused = ReplayScript.stream([
            Rig.chunks[0], #"{"error":{"code":402,"message":"Insufficient credits"}}"#,
        ])
        try await Rig(rows: rows) { _, _ in refused }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.possiblyCharged)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("whose model has not said that it has finished has no answer, though its stream ends in good order")
    func unfinished() async throws {
        let unfinished = ReplayScript.stream([Rig.chunks[0]])
        try await Rig { _, _ in unfinished }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .malformedResponse)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect((job.state, job.possiblyCharged) == (.dead, true))
        }
    }

    @Test("is not tried again on the row that failed it, and passes on what the provider said")
    func soleRow() async throws {
        let limited = Rig.refusal(429, code: "slow_down", headers: [HeaderField("retry-after", "31")])
        try await Rig { _, _ in limited }.run { rig in
            let call = try await rig.open()
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect((failure.errorClass, failure.code, failure.httpStatus) == (.rateLimit, "slow_down", 429))
            #expect(failure.retryAfter == .seconds(31))
            #expect(rig.transport.calls.count == 1)
            #expect(try await rig.store.job(call.id, owner: Rig.owner)?.state == .dead)
            // The next one learns it without a call.
            guard case .closed(let hold) = await rig.engine.calls.open(rig.request()) else { throw Unexpected() }
            #expect(hold.opensIn == .seconds(31))
            #expect(hold.kind == .limit)
        }
    }

    @Test("waits for the end of a window that is shorter than its patience, in which it was asked to come again")
    func window() async throws {
        let limited = Rig.refusal(429, headers: [HeaderField("retry-after", "7")])
        try await Rig { _, number in number == 1 ? limited : Rig.answer }.run { rig in
            let call = try await rig.open()
            try await rig.transport.waitForCalls(1)
            // The engine's two, and the call.
            try await rig.clock.waitForSleepers(3)
            async let second = rig.open()
            try await rig.clock.waitForSleepers(4)
            rig.clock.advance(by: .seconds(7))
            guard case .succeeded = await call.end() else { throw Unexpected() }
            guard case .succeeded = await (try second).end() else { throw Unexpected() }
            let attempts = try await rig.store.attempts(call.id, owner: nil)
            #expect(attempts?.map(\.outcome) == [.deferred, .ok])
            #expect(rig.transport.calls.count == 3)
        }
    }

    @Test("is told nothing, and its provider is left, when its job can't be stored", arguments: [false, true])
    func notStored(commitsFirst: Bool) async throws {
        try await Rig(script: { _, _ in Rig.answer.held }).run { rig in
            rig.store.set(outage: .refusing(StoreError(.full, "full")))
            let call = try await rig.open(commitsFirst: commitsFirst)
            guard case .notStored(let error, let wasSent) = await call.end() else { throw Unexpected() }
            #expect(error.code == .full)
            #expect(wasSent == !rig.transport.calls.isEmpty)
            #expect(rig.transport.cancelled.count == rig.transport.calls.count)
            if commitsFirst { #expect(rig.transport.calls.isEmpty) }
            rig.store.set(outage: nil)
            #expect(try await rig.store.job(call.id, owner: nil) == nil)
        }
    }

    @Test("is not sent before it is stored while the store fails")
    func storeFails() async throws {
        let full = StoreError(.full, "full")
        try await Rig(script: { _, number in number == 1 ? Rig.answer.held : Rig.answer }).run { rig in
            rig.store.set(outage: .refusingCalls(full) { try? await rig.transport.waitForCalls(1) })
            guard case .notStored(_, wasSent: true) = await (try rig.open()).end() else { throw Unexpected() }
            for _ in 1...3 {
                guard case .notStored(_, wasSent: false) = await (try rig.open()).end() else { throw Unexpected() }
            }
            #expect(rig.transport.calls.count == 1)
            rig.store.set(outage: nil)
            guard case .succeeded = await (try rig.open()).end() else { throw Unexpected() }
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test("is not begun while more answers wait for the store than may be held")
    func behind() async throws {
        let settings = EngineSettings(backoff: .zero, unsettledLimit: 100)
        try await Rig(settings: settings) { _, _ in Rig.answer.held }.run { rig in
            let first = try await rig.open(commitsFirst: true)
            try await rig.transport.waitForCalls(1)
            rig.store.set(outage: .refusing(StoreError(.full, "full")))
            rig.transport.release(1)
            // The settler sleeps beside the dispatcher and the sweeper, and then tries again.
            try await rig.clock.waitForSleepers(3)
            guard case .behind = await rig.engine.calls.open(rig.request()) else { throw Unexpected() }
            rig.store.set(outage: nil)
            rig.clock.advance(by: .seconds(2))
            guard case .succeeded = await first.end() else { throw Unexpected() }
            let second = try await rig.open()
            try await rig.transport.waitForCalls(2)
            rig.transport.release(2)
            guard case .succeeded = await second.end() else { throw Unexpected() }
        }
    }

    @Test("waits in turn for a permit, and is turned away when its patience is over")
    func permits() async throws {
        try await Rig(rows: [Rig.row(concurrency: 1)]) { _, number in number == 1 ? Rig.answer.held : Rig.answer }
            .run { rig in
                let first = try await rig.open()
                try await rig.transport.waitForCalls(1)
                async let second = rig.engine.calls.open(rig.request())
                try await rig.clock.waitForSleepers(3)
                rig.transport.release(1)
                guard case .live(let live) = await second, case .succeeded = await live.end() else {
                    throw Unexpected()
                }
                _ = await first.end()
            }
        try await Rig(rows: [Rig.row(concurrency: 1)]) { _, _ in Rig.answer.held }.run { rig in
            let first = try await rig.open()
            try await rig.transport.waitForCalls(1)
            async let second = rig.engine.calls.open(rig.request())
            try await rig.clock.waitForSleepers(3)
            rig.clock.advance(by: .seconds(30))
            guard case .full = await second else { throw Unexpected() }
            rig.transport.release(1)
            _ = await first.end()
        }
    }

    @Test("that nobody waits for is closed and cancelled, with what it used so far")
    func left() async throws {
        let begun = ReplayScript([
            .head(200, [HeaderField("content-type", "text/event-stream")]), .chunk("data: \(Rig.chunks[0])\n\n"), .hold,
        ])
        try await Rig { _, _ in begun }.run { rig in
            let call = try await rig.open(stream: true)
            guard case .stream = await call.beginning() else { throw Unexpected() }
            rig.engine.calls.leave(call.id, delivered: false)
            guard case .cancelled(possiblyCharged: true) = await call.end() else { throw Unexpected() }
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect((job.state, job.possiblyCharged) == (.cancelled, true))
            #expect(job.lastAttempt?.report?.errorClass == .interrupted)
            #expect(rig.transport.cancelled == [1])
        }
    }

    @Test("runs on for the grace where its caller may come back, and is closed then")
    func grace() async throws {
        try await Rig(script: { _, _ in Rig.answer.held }).run { rig in
            let call = try await rig.open(onDisconnect: .grace)
            rig.engine.calls.leave(call.id, delivered: false)
            // The engine's two, and the grace.
            try await rig.clock.waitForSleepers(3)
            rig.clock.advance(by: .seconds(10))
            guard case .cancelled = await call.end() else { throw Unexpected() }
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == nil)
        }
    }

    @Test("belongs to the caller who comes back in time, alone, and is answered")
    func adoption() async throws {
        try await Rig(script: { _, _ in Rig.answer.held }).run { rig in
            let (first, second) = (try await rig.open(onDisconnect: .grace), try await rig.open(onDisconnect: .grace))
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == nil)
            rig.engine.calls.leave(first.id, delivered: false)
            rig.engine.calls.leave(second.id, delivered: false)
            // The newest first; each once; none that asked something else.
            #expect(rig.engine.calls.adopt(Array(repeating: 2, count: 32)) == nil)
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == second.id)
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == first.id)
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == nil)
            // The engine's two, and both graces.
            try await rig.clock.waitForSleepers(4)
            rig.clock.advance(by: .seconds(10))
            try await rig.transport.waitForCalls(2)
            rig.transport.release(1)
            rig.transport.release(2)
            for call in [first, second] {
                guard case .succeeded = await call.end() else { throw Unexpected() }
            }
        }
    }

    @Test("that succeeded without its caller answers a retry")
    func memory() async throws {
        try await Rig(script: { _, _ in Rig.answer.held }).run { rig in
            let call = try await rig.open(onDisconnect: .grace)
            rig.engine.calls.leave(call.id, delivered: false)
            try await rig.transport.waitForCalls(1)
            rig.transport.release(1)
            guard case .succeeded = await call.end() else { throw Unexpected() }
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == call.id)
        }
    }

    @Test("that failed is never handed to a retry, but named by it")
    func failure() async throws {
        try await Rig(script: { _, _ in Rig.refusal(400) }).run { rig in
            let call = try await rig.open(onDisconnect: .grace)
            guard case .failed = await call.end() else { throw Unexpected() }
            rig.engine.calls.leave(call.id, delivered: false)
            #expect(rig.engine.calls.adopt(Rig.fingerprint) == nil)
            #expect(rig.engine.calls.failure(Rig.fingerprint) == call.id)
            #expect(rig.engine.calls.failure(Rig.fingerprint) == nil)
        }
    }
}

extension Rig {
    static let chunks = [
        #"{"id":"up-1","choices":[{"index":0,"delta":{"role":"assistant","content":"h"}}]}"#,
        #"{"id":"up-1","choices":[{"index":0,"delta":{"content":"i"},"finish_reason":"stop"}]}"#,
        #"{"id":"up-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#,
    ]

    static let stream = ReplayScript.stream(chunks + ["[DONE]"])

    func request(
        _ body: String = #"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#,
        stream: Bool = false,
        commitsFirst: Bool = false,
        onDisconnect: CallRequest.OnDisconnect = .cancel
    ) -> CallRequest {
        let job = job(
            body,
            surface: .openAI,
            format: .openAIChat,
            stream: stream,
            lane: .interactive,
            onUnknown: .deadLetter
        )
        return CallRequest(job: job, commitsFirst: commitsFirst, onDisconnect: onDisconnect)
    }

    func open(
        _ body: String = #"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#,
        stream: Bool = false,
        commitsFirst: Bool = false,
        onDisconnect: CallRequest.OnDisconnect = .cancel
    ) async throws -> LiveCall {
        let request = request(body, stream: stream, commitsFirst: commitsFirst, onDisconnect: onDisconnect)
        guard case .live(let call) = await engine.calls.open(request) else { throw Unexpected() }
        return call
    }

    /// The chunks of a stream once its attempt has ended.
    func chunks(_ log: JobLog) async -> [String] {
        var chunks: [String] = []
        await log.read { piece in
            guard let piece else { return false }
            for entry in LogEntries(piece) where entry.kind == .upstream {
                chunks.append(String(decoding: entry.payload, as: UTF8.self))
            }
            return true
        }
        return chunks
    }
}
