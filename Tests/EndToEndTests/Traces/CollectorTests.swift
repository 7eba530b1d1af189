import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Collectors that do not do what they should: nobody but they must notice.
@Suite("Collectors", .timeLimit(.minutes(3)))
struct CollectorTests {
    /// What a collector does.
    enum Manner: String, CaseIterable, Sendable {
        case hangs
        case closes
        case resets
        case neverReads
        case refuses
        case asksForPatience
        case tellsGarbage
        case rejectsSome

        func answer(_ number: Int) -> Reply {
            switch self {
            case .hangs, .neverReads: .silence
            case .closes: .close
            case .resets: Reply([.reset])
            case .refuses: .response(400, text: "{\"message\": \"no\"}")
            case .asksForPatience:
                number == 0 ? .response(429, headers: [("Retry-After", "1")]) : .response(text: "")
            case .tellsGarbage: .response(text: "<html>\u{1B}[31m")
            case .rejectsSome:
                // ExportTraceServiceResponse: of each batch two were rejected.
                .response(body: [0x0a, 0x0b, 0x08, 2, 0x12, 7] + Array("too old".utf8))
            }
        }
    }

    private static let call = #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#
    private static let calls = 30

    @Test(
        "are waited for by nobody, and what they do not take is counted, and said once a minute",
        arguments: Manner.allCases
    )
    func misbehaves(manner: Manner) async throws {
        let provider = try await LoopbackProvider.start { _, number in
            .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
        }
        let collector = try await LoopbackProvider.start(reads: manner != .neverReads) { _, number in
            manner.answer(number)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Gateway.start(
            in: home,
            environment: [
                "LOOPBACK_KEY": UpstreamTests.key, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
                "OTEL_METRICS_EXPORTER": "none", "OTEL_BSP_SCHEDULE_DELAY": "50",
                "OTEL_BSP_MAX_QUEUE_SIZE": manner == .asksForPatience ? "200" : "20",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "10", "OTEL_EXPORTER_OTLP_TIMEOUT": "2000",
            ]
        )
        let token = try await gateway.token()
        let watcher = try await gateway.token("watcher", "--scope", "metrics")
        for _ in 0..<Self.calls {
            let answer = try await gateway.send("POST", "/v1/chat/completions", token: token, body: Self.call)
            #expect(answer.status == 200)
        }
        func dropped() async throws -> Int {
            try await MetricsSeen(of: gateway, token: watcher).sum("sluice_export_dropped_total", ["signal": "traces"])
        }
        switch manner {
        case .hangs, .closes, .resets, .neverReads:
            // Three spans for each call; twenty wait, and ten are under way.
            #expect(try await dropped() >= 3 * Self.calls - 30)
        case .refuses:
            while try await dropped() < 3 * Self.calls { try Task.checkCancellation() }
        case .rejectsSome:
            let batches = try await { () async throws -> Int in
                while true {
                    try Task.checkCancellation()
                    let told = collector.requests.count
                    if try await dropped() == 2 * told, told >= 9 { return told }
                }
            }()
            #expect(batches >= 9)
        case .asksForPatience, .tellsGarbage: break
        }
        let begin = ContinuousClock.now
        #expect(await gateway.stop() == 0)
        // A stop waits a moment for a collector, and no longer.
        #expect(ContinuousClock.now - begin < .seconds(20))
        let said = gateway.log.split(separator: "\n").filter { $0.contains("delivered to the collector") }
        // One while it runs, and one at the stop.
        #expect(said.count <= 2)
        if manner == .refuses { #expect(said.first?.contains("status 400") == true) }
        #expect(!gateway.log.contains("\u{1B}"))
        if manner == .tellsGarbage { #expect(said.isEmpty) }
        if manner == .asksForPatience {
            #expect(said.allSatisfy { $0.contains("it is tried again") && $0.contains("dropped=0") })
        }
    }

    @Test("that can't be spoken to are refused at the start, with what is allowed")
    func badSettings() async throws {
        let bad: [(variables: [String: String], sentence: String)] = [
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "collector"], "must be the URL of a collector"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://u:p@h"], "must hold no user and no password"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://h/?a=b"], "must have no query"),
            (["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"], "can't be grpc: this gateway speaks http/protobuf and http/json"),
            (["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "thrift"], "must be http/protobuf or http/json"),
            (["OTEL_EXPORTER_OTLP_HEADERS": "hidden"], "must be header fields as in name=value"),
            (["OTEL_EXPORTER_OTLP_HEADERS": "a b=hidden"], "holds what can't stand in a header field"),
            (["OTEL_EXPORTER_OTLP_HEADERS": "a=hidden%0A"], "holds what can't stand in a header field"),
            (["OTEL_EXPORTER_OTLP_HEADERS": "Content-Type=hidden"], "must not say Content-Type"),
        ]
        let home = try Home()
        for (variables, sentence) in bad {
            let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"].merging(variables) { $1 }
            let command = try Command(
                ["serve", "--port", "0", "--data", home.data, "--providers", home.providers],
                environment: environment
            )
            #expect(await command.ended() != 0)
            let name = try #require(variables.keys.sorted().last)
            #expect(
                command.errors.text.contains(name) && command.errors.text.contains(sentence),
                "\(command.errors.text)"
            )
            #expect(!command.errors.text.contains("hidden"))
        }
    }

    @Test(
        "are named by the settings that doctor shows, without what is secret, and other variables are said to be ignored"
    )
    func doctor() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(
            in: home,
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=canary",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/in?key=canary", "OTEL_LOGS_EXPORTER": "otlp",
            ]
        )
        let doctor = try await Command.run(["doctor", "--data", home.data])
        #expect(doctor.output.contains("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") && doctor.output.contains("(set)"))
        #expect(gateway.log.contains("not done here: OTEL_LOGS_EXPORTER"))
        #expect(await gateway.stop() == 0)
        #expect(!(doctor.output + doctor.errors + gateway.log).contains("canary"))
    }

    @Test("are sent nothing where nobody says so, or where that is switched off")
    func off() async throws {
        let collector = try await LoopbackProvider.start { _, _ in .response(text: "") }
        for variables in [[:], ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SDK_DISABLED": "TRUE"]] {
            let home = try Home()
            let gateway = try await Gateway.start(in: home, environment: variables)
            let token = try await gateway.token()
            let job = try await gateway.prompt(token: token)
            _ = try await gateway.end(of: job, token: token)
            #expect(await gateway.stop() == 0)
        }
        #expect(collector.requests.isEmpty)
    }
}
