import GRDB
import Glibc
import LoopbackProvider
import SluiceJSON
import Testing

@Suite("A stream that one of its ends leaves", .timeLimit(.minutes(3)))
struct LeavingTests {
    /// Opens a stream, reads the first piece, and hangs up.
    private static func leave(_ stand: SDKStand, headers: [String: String] = [:]) async throws -> String {
        let (port, token) = (stand.port, stand.token)
        return try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-leave"), port: port, token: token, headers: headers)
            let seen = try call.read { $0.text == "One " || $0.head.status != 200 }
            guard let id = seen.head["x-sluice-job"] else { throw HarnessError("\(seen.head.status) without a job") }
            return id
        }
    }

    @Test("by its caller closes the call to the provider, and the job is cancelled with what it had")
    func callerLeaves() async throws {
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two"], gates: [1: Gate()]) }
        _ = try stand.needGateway()
        let id = try await Self.leave(stand)
        // Hangs, and fails by the time limit, where the call goes on.
        await stand.provider.closed(connection: try #require(stand.provider.requests.first).connection)
        try Task.checkCancellation()
        let (record, events) = try await stand.fate(of: id)
        #expect(record[key: "status"]?.string == "cancelled")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
        #expect(events.text == "One ")
        #expect(events.events.last?.name == "end")
    }

    /// Longer than a call lives on whose caller never comes back, and shorter than the grace.
    private static let noGrace = Duration.seconds(9)

    @Test(
        "is closed at once where its caller is gone for good, and after ten seconds where the caller may come back",
        arguments: [
            ([:], false), (["Idempotency-Key": "leaving"], true), (["x-stainless-retry-count": "0"], true),
            (["Idempotency-Key": "leaving", "x-sluice-on-disconnect": "cancel"], false),
        ]
    )
    func grace(headers: [String: String], isWaitedFor: Bool) async throws {
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two"], gates: [1: Gate()]) }
        _ = try stand.needGateway()
        let id = try await Self.leave(stand, headers: headers)
        let left = ContinuousClock.now
        await stand.provider.closed(connection: try #require(stand.provider.requests.first).connection)
        try Task.checkCancellation()
        #expect((left.duration(to: .now) > Self.noGrace) == isWaitedFor)
        let (record, _) = try await stand.fate(of: id)
        #expect(record[key: "status"]?.string == "cancelled")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
    }

    @Test("by a gateway that is killed between the provider's last byte and the commit says no finish and no [DONE]")
    func gatewayIsKilledBeforeTheCommit() async throws {
        let gate = Gate()
        let stand = try await SDKStand(arguments: ["--keep-alive", "2s"]) { _, _ in
            .chatStream(["One ", "two"], usage: (3, 2), gates: [1: gate])
        }
        let gateway = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let path = gateway.home.data + "/sluice.db"
        let seen = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-commit"), port: port, token: token)
            _ = try call.read { $0.text == "One " || $0.head.status != 200 }
            // Whoever else holds the file's write lock keeps the answer from being committed.
            return try DatabaseQueue(path: path).inDatabase { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                gate.open()
                // It is kept awake while all that closes the answer waits.
                let all = Result {
                    try call.read { $0.text == "One two" && $0.body.suffix(3) == Array(":\n\n".utf8)[...] }
                }
                gateway.process.signal(SIGKILL)
                // GRDB takes back no transaction by itself.
                try database.execute(sql: "ROLLBACK")
                #expect(try !all.get().looksWhole)
                return try call.readAll()
            }
        }
        #expect(await gateway.process.ended() == 128 + SIGKILL)
        #expect(seen.text == "One two" && !seen.looksWhole)

        let id = try #require(seen.head["x-sluice-job"])
        let again = try await Gateway.start(in: gateway.home, environment: SDKStand.environment)
        let record = try await again.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
        #expect(stand.provider.requests.count == 1)
    }

    @Test("by a gateway that is killed behind any of its events is no whole answer to its caller", arguments: 0...4)
    func gatewayIsKilledBehind(place: Int) async throws {
        let chunks = Reply.chatChunks(["One ", "two "], usage: (3, 2)) + ["[DONE]"]
        let stand = try await SDKStand(arguments: ["--keep-alive", "1s", "--early-headers", "1s"]) { _, _ in
            .sse(Array(chunks.dropLast()), gates: [place + 1: Gate()])
        }
        let gateway = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let seen = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-kill-\(place)"), port: port, token: token)
            let text = ["", "One ", "One two ", "One two ", "One two "][place]
            // The head, and all that may have come by then.
            _ = try call.read { $0.text == text || $0.head.status != 200 }
            gateway.process.signal(SIGKILL)
            return try call.readAll()
        }
        #expect(await gateway.process.ended() == 128 + SIGKILL)
        #expect(seen.head.status == 200 && !seen.looksWhole)
        let id = try #require(seen.head["x-sluice-job"])
        let again = try await Gateway.start(in: gateway.home, environment: SDKStand.environment)
        let record = try await again.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "dead" && record[key: "possiblyCharged"]?.boolean == true)
    }

    @Test("by its caller once what closes it is on its way is answered: it is not cancelled, and nobody finds it again")
    func callerLeavesTheEnd() async throws {
        // So much comes behind the finish that the caller's system does not take it all.
        let more = String(repeating: "x", count: 64 << 10)
        let chunks =
            [#"{"choices":[{"index":0,"delta":{"content":"One"},"finish_reason":null}]}"#]
            + [#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#]
            + (0..<100).map { _ in #"{"choices":[{"index":1,"delta":{"content":"\#(more)"},"finish_reason":null}]}"# }
            + [#"{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}"#]
        let stand = try await SDKStand { _, _ in .sse(chunks) }
        let gateway = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let body = #"{"model":"gpt-end","messages":[{"role":"user","content":"Hello"}],"stream":true,"n":2}"#
        let id = try await Blocking.run {
            let fields = ["x-stainless-retry-count": "0"]
            let call = try OpenAICall(body, port: port, token: token, headers: fields, window: 4096)
            let seen = try call.read { $0.hasFinished || $0.head.status != 200 }
            #expect(!seen.isDone)
            return seen.head["x-sluice-job"]
        }
        let record = try await gateway.end(of: try #require(id), token: token)
        #expect(record[key: "status"]?.string == "succeeded")
        // Once the gateway knows that it has left, who asks again asks anew.
        let again = try await Blocking.run {
            try OpenAICall(body, port: port, token: token, headers: ["x-stainless-retry-count": "1"]).readAll()
        }
        #expect(again.isDone && again.head["x-sluice-job"] != id)
        #expect(stand.provider.requests.count == 2)
    }

    @Test("by a caller who wants it to go on goes on, and is there to be read")
    func callerLeavesItOn() async throws {
        let gate = Gate()
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two"], gates: [1: gate]) }
        _ = try stand.needGateway()
        let id = try await Self.leave(stand, headers: ["x-sluice-on-disconnect": "continue"])
        gate.open()
        let (record, events) = try await stand.fate(of: id)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(events.text == "One two")
        #expect(stand.provider.requests.count == 1)
    }

    @Test("by a gateway that stops says no [DONE], and after a start its events tell how it ended")
    func gatewayStops() async throws { try await leaveGateway(SIGTERM, exit: 0) }

    @Test("by a gateway that is killed says no [DONE], and after a start its events tell how it ended")
    func gatewayIsKilled() async throws { try await leaveGateway(SIGKILL, exit: 128 + SIGKILL) }

    private func leaveGateway(_ signal: Int32, exit: Int32) async throws {
        let stand = try await SDKStand(arguments: ["--grace", "1s"]) { _, _ in
            .chatStream(["One ", "two"], gates: [1: Gate()])
        }
        let gateway = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let seen = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-stop"), port: port, token: token)
            _ = try call.read { $0.text == "One " || $0.head.status != 200 }
            gateway.process.signal(signal)
            return try call.readAll()
        }
        #expect(await gateway.process.ended() == exit)
        #expect(seen.head.status == 200 && seen.text == "One " && !seen.looksWhole)
        if signal == SIGTERM { #expect(!seen.wasReset) }
        if signal == SIGTERM { #expect(seen.error?[key: "message"]?.string?.isEmpty == false) }

        let id = try #require(seen.head["x-sluice-job"])
        let again = try await Gateway.start(in: gateway.home, environment: SDKStand.environment)
        let record = try await again.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
        let events = try await Blocking.run {
            try OpenAICall(nil, port: again.port, token: token, path: "/v1/prompts/\(id)/events").readAll()
        }
        #expect(events.events.last?.name == "end")
        #expect(events.events.last?.data.contains(#""status":"dead""#) == true)
        #expect(stand.provider.requests.count == 1)
    }
}
