import Logging
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine
@testable import SluiceTelemetry

/// What becomes of spans on their way to a collector that does not do what it should.
@Suite("Exports", .timeLimit(.minutes(1)))
struct ExportTests {
    /// A way to a collector that answers by `script`, in a time that is moved by hand.
    private struct Stand {
        let clock = ManualClock()
        let transport: ReplayTransport
        let tally: ExportTally
        let courier: Courier
        let time: EngineTime
        let stop = Signal()

        init(_ script: [ReplayScript]) {
            transport = ReplayTransport(script)
            time = EngineTime(now: { [clock] in clock.timestamp }, clock: clock)
            tally = ExportTally(time: time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let target = ExportSettings.Target(
                url: "http://127.0.0.1:4318/v1/traces",
                headers: [SecretHeader(name: "x-key", prefix: "", secret: Secret("a secret"))]
            )
            courier = Courier(
                signal: .traces,
                delivery: Delivery(target: target, transport: transport),
                tally: tally,
                time: time,
                stop: stop
            )
        }

        /// Delivers ten things, and lets time pass as long as that waits for it.
        func deliver() async throws -> Bool {
            let courier = courier
            let delivery = Task { await courier.deliver(Array("spans".utf8), of: 10) }
            let clockwork = Task { [clock] in
                while !Task.isCancelled {
                    try await clock.waitForSleepers(1)
                    clock.advanceToNextSleeper()
                }
            }
            defer { clockwork.cancel() }
            return await delivery.value
        }
    }

    @Test("are taken with any answer that says so, whatever else it says", arguments: ["", "<html>", "{\"a\":"])
    func taken(body: String) async throws {
        let stand = Stand([.answer(body)])
        #expect(try await stand.deliver())
        #expect(stand.tally.dropped(.traces) == 0)
        let call = try #require(stand.transport.calls.first)
        #expect(call.headers.contains(HeaderField("content-type", "application/x-protobuf")))
        #expect(
            call.headers.contains(HeaderField("content-encoding", "gzip"))
                && Array(call.body.prefix(2)) == [0x1f, 0x8b]
        )
        #expect(call.secretHeaders.map(\.name) == ["x-key"] && call.policy.allowPrivate)
    }

    @Test("come again where the collector asks for that, after as long as it says")
    func later() async throws {
        let stand = Stand([
            .answer(status: 429, headers: [HeaderField("retry-after", "40")], ""), .answer(status: 503, ""),
            .failure(TransportError(.reset, requestSent: true, "reset")), .answer(""),
        ])
        #expect(try await stand.deliver())
        #expect(stand.transport.calls.count == 4 && stand.tally.dropped(.traces) == 0)
        // The 40 s, and two pauses of our own, of 1 to 2 and 2 to 4.
        #expect((Duration.seconds(43)...(.seconds(46))).contains(stand.clock.now.sinceStart))
    }

    @Test("are dropped, and counted, where the collector refuses them", arguments: [400, 401, 404, 413, 500, 301])
    func refused(status: Int) async throws {
        let stand = Stand([.answer(status: status, "no")])
        #expect(try await !stand.deliver())
        #expect(stand.transport.calls.count == 1 && stand.tally.dropped(.traces) == 10)
    }

    @Test("are dropped once they were tried for five minutes")
    func givenUp() async throws {
        let stand = Stand(Array(repeating: .answer(status: 503, ""), count: 100))
        #expect(try await !stand.deliver())
        #expect(stand.tally.dropped(.traces) == 10)
        #expect(stand.clock.now.sinceStart <= .seconds(300) && stand.transport.calls.count > 10)
    }

    @Test("that were rejected in part are counted by as many, and come not again")
    func partly() async throws {
        var answer = ProtobufWriter()
        answer.message(1, "") {
            $0.integer(1, "", 4)
            $0.string(2, "", "too old")
        }
        let stand = Stand([.answer(String(decoding: answer.bytes, as: UTF8.self))])
        #expect(try await stand.deliver())
        #expect(stand.transport.calls.count == 1 && stand.tally.dropped(.traces) == 4)
    }

    @Test("wait for nothing once the gateway stops")
    func stopping() async throws {
        let stand = Stand([.answer(status: 503, headers: [HeaderField("retry-after", "100")], "")])
        stand.stop.fire()
        #expect(try await !stand.deliver())
        #expect(stand.clock.now.sinceStart == .zero && stand.tally.dropped(.traces) == 10)
    }

    @Test("for which there is no room are dropped, and whoever tells of them waits for nobody")
    func full() async {
        let stand = Stand([])
        let queue = SpanQueue(most: 3, batch: 2, stand.tally)
        queue.put([Self.span(200), Self.span(201)])
        queue.put([Self.span(202), Self.span(203), Self.span(204)])
        queue.put([Self.span(205)])
        #expect(queue.count == 3 && stand.tally.dropped(.traces) == 3)
        #expect(queue.take().count == 2 && queue.take().count == 1 && queue.take().isEmpty)
    }

    @Test("are recorded as their caller wishes, else by their share; and what was never sent is no attempt")
    func sampled() {
        let tally = Stand([]).tally
        let share = Tracer(ExportSettings(sampler: TraceSampler(share: 0, obeysCaller: true)), tally)
        for isSampled in [true, false] {
            let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(isSampled ? "01" : "00")"
            share.note(.answered(Self.request(200, TraceContext(parents: [parent], states: []))))
        }
        share.note(.answered(Self.request(200, nil)))
        #expect(share.queue.count == 1)
        let always = Tracer(ExportSettings(sampler: TraceSampler(share: 1, obeysCaller: false)), tally)
        let unsampled = TraceContext(parents: ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"], states: [])
        always.note(.answered(Self.request(200, unsampled)))
        #expect(always.queue.count == 1)
    }

    @Test("never come again at once, whatever the collector says", arguments: ["0", "Sun, 06 Nov 1994 08:49:37 GMT"])
    func atOnce(field: String) async throws {
        let stand = Stand(
            Array(repeating: .answer(status: 503, headers: [HeaderField("retry-after", field)], ""), count: 5)
                + [.answer("")]
        )
        #expect(try await stand.deliver())
        #expect(stand.clock.now.sinceStart >= .milliseconds(15_500))
    }

    @Test("are judged by the status of an answer that does not come whole")
    func longAnswer() async throws {
        let cut = ReplayScript.Step.fail(TransportError(.answerTooLarge, requestSent: true, "too large"))
        let taken = Stand([ReplayScript([.head(200), .chunk("<html>"), cut])])
        #expect(try await taken.deliver())
        #expect(taken.transport.calls.count == 1 && taken.tally.dropped(.traces) == 0)
        let refused = Stand([ReplayScript([.head(404), .chunk("<html>"), cut])])
        #expect(try await !refused.deliver())
        #expect(refused.transport.calls.count == 1 && refused.tally.dropped(.traces) == 10)
    }

    @Test("are given up by a gateway that fails, and keep it from nothing")
    func cancelled() async throws {
        let stand = Stand(Array(repeating: .answer(status: 503, ""), count: 9))
        let courier = stand.courier
        let delivery = Task { await courier.deliver([1], of: 10) }
        try await stand.clock.waitForSleepers(1)
        delivery.cancel()
        #expect(await !delivery.value)
        #expect(stand.transport.calls.count <= 2 && stand.tally.dropped(.traces) == 10)
    }

    @Test("of a share are those with the highest numbers, and a request without a job is one of its trace's")
    func share() throws {
        let tally = Stand([]).tally
        let tracer = Tracer(ExportSettings(sampler: TraceSampler(share: 0.25)), tally)
        var taken = 0
        for _ in 0..<400 {
            let request = Self.request(200, nil)
            tracer.note(.answered(request))
            if request.trace.share >= 0.75 { taken += 1 }
        }
        #expect(tracer.queue.count == taken)
        let spans = tracer.queue.take().map { $0.span([:], joined: nil) }
        #expect(spans.allSatisfy { $0.place.trace.share >= 0.75 } && !spans.isEmpty)
    }

    private static func request(_ status: Int, _ context: TraceContext?) -> AnsweredRequest {
        AnsweredRequest(
            method: "POST",
            route: "/v1/prompts",
            path: "/v1/prompts",
            status: status,
            beganAt: Timestamp(milliseconds: 1000),
            took: .milliseconds(5),
            context: context
        )
    }

    private static func span(_ status: Int) -> SpanSource { .answered(request(status, nil)) }
}
