import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Streams", .timeLimit(.minutes(3)))
struct ManyStreamsTests {
    @Test("of 200 callers at once bring each of them its own text, unmerged and in order")
    func many() async throws {
        let gate = Gate()
        let stand = try await SDKStand { request, _ in
            let number = (try? Document(request.body))?.root[key: "messages"]?[0]?[key: "content"]?.string ?? ""
            return .chatStream(Self.pieces(number), usage: SDKProvider.usage, gates: [0: gate])
        }
        try await withThrowingTaskGroup(of: (Int, StreamSeen).self) { group in
            for number in 0..<200 {
                group.addTask { (number, try await stand.chat("gpt-many", "\(number)")) }
            }
            // None ends before all of them are open.
            _ = await stand.provider.requests(atLeast: 200)
            gate.open()
            for try await (number, seen) in group {
                let pieces = Self.pieces("\(number)")
                #expect(seen.isDone && seen.isWhole, "\(number)")
                #expect(seen.text == pieces.joined(), "\(number)")
                // The role, the pieces, the finish, `[DONE]`; the usage was not asked for.
                if stand.gateway != nil { #expect(seen.events.count == pieces.count + 3, "\(number)") }
            }
        }
        #expect(stand.provider.requests.count == 200)
        guard let gateway = stand.gateway else { return }
        let list = try await gateway.send("GET", "/v1/prompts?status=succeeded&limit=100", token: stand.token).json()
        #expect(
            list[key: "prompts"]?.elements.allSatisfy { $0[key: "usage"]?[key: "totalTokens"]?.integer == 21 } == true
        )
    }

    @Test("go out piece by piece, while the provider still thinks")
    func live() async throws {
        let gates = [1: Gate(), 2: Gate(), 3: Gate()]
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two ", "three"], gates: gates) }
        let (port, token) = (stand.port, stand.token)
        let seen = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-live"), port: port, token: token)
            for (place, text) in [(1, "One "), (2, "One two "), (3, "One two three")] {
                // Waits for ever, and fails by its patience, where a piece is held back for the next.
                let seen = try call.read { $0.text == text || $0.head.status != 200 }
                #expect(seen.text == text && !seen.isDone)
                gates[place]?.open()
            }
            return try call.readAll()
        }
        #expect(seen.isDone && seen.text == "One two three")
    }

    @Test("that nobody reads are told so or cut, and whoever else follows the job gets all of it")
    func unread() async throws {
        let gate = Gate()
        // More than the system keeps for a reader on either side, and what the gateway lets one fall behind.
        let pieces = (0..<1024).map { "\($0) " + String(repeating: "x", count: 16_384) }
        let row = SDKStand.Row(name: "long", models: "gpt-*", more: #", "answerLimitBytes": 67108864"#)
        let stand = try await SDKStand([row]) { _, _ in .chatStream(pieces, gates: [1: gate]) }
        _ = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let (unread, events) = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-long"), port: port, token: token, window: 65_536)
            let begun = try call.read { $0.text == pieces[0] || $0.head.status != 200 }
            guard let id = begun.head["x-sluice-job"] else { throw HarnessError("\(begun.head.status) without a job") }
            let follower = try OpenAICall(nil, port: port, token: token, path: "/v1/prompts/\(id)/events")
            gate.open()
            let events = try follower.readAll()
            return (try call.readAll(), events)
        }
        #expect(events.events.last?.name == "end")
        #expect(events.events.last?.data.contains(#""status":"succeeded""#) == true)
        #expect(events.text == pieces.joined())
        // Its reader is told, where it takes what it got within its moment.
        let isTold = unread.events.last?.data.contains(#""code":"slow_reader""#) == true
        #expect(!unread.isDone && (isTold || !unread.isWhole), "nothing was cut")
        #expect(stand.provider.requests.count == 1)
    }

    private static func pieces(_ number: String) -> [String] { (0..<20).map { "\(number).\($0) " } }
}
