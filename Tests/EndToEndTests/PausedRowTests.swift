import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// A row that an operator pauses, drains and resumes.
@Suite("Pausing a row", .timeLimit(.minutes(2)))
struct PausedRowTests {
    private static func start(_ home: Home) async throws -> Gateway {
        try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
    }

    private static func sluice(_ home: Home, _ arguments: String...) async throws -> Outcome {
        try await Command.run(arguments + ["--data", home.data])
    }

    @Test("sends it nothing, over a kill as well, and its jobs say who did it; then they come")
    func paused() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Self.start(home)
        let token = try await gateway.token()
        let paused = try await Self.sluice(home, "provider", "pause", "loopback")
        #expect(paused.status == 0 && paused.errors.contains("takes no new calls"))
        #expect(try await Self.sluice(home, "provider", "pause", "loopback").errors.contains("paused already"))
        let misspelt = try await Self.sluice(home, "provider", "pause", "lopback")
        #expect(misspelt.status == 1 && misspelt.errors.contains("did you mean loopback"))

        let chat = #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#
        let call = try await gateway.send("POST", "/v1/chat/completions", token: token, body: chat)
        #expect(call.status == 503 && call["x-should-retry"] == "false" && call["retry-after"] == nil)
        #expect(call.text.contains("operator has paused it") && !call.text.contains("operator:"))
        let prompt = #"{"type":"chat","model":"gpt-a","prompt":"Hi"}"#
        let id = try #require(
            try await gateway.send("POST", "/v1/prompts", token: token, body: prompt).json()[key: "id"]?.string
        )
        #expect(await gateway.stop(SIGKILL) == 128 + SIGKILL)

        let next = try await Self.start(home)
        let me = unsafe String(cString: getpwuid(geteuid()).pointee.pw_name)
        let list = try await Self.sluice(home, "job", "list")
        #expect(list.output.contains("row loopback: it is paused since") && list.output.contains("by operator:\(me)"))
        #expect(try await Self.sluice(home, "provider", "list").output.contains("paused since"))
        let status = try await Self.sluice(home, "status")
        #expect(status.output.contains("1 for an operator") && status.output.contains("paused"))
        // What the record tells its caller names no user of the machine.
        let record = try await next.send("GET", "/v1/prompts/\(id)", token: token)
        #expect(record.text.contains("operator has paused it") && !record.text.contains("operator:"))
        #expect(provider.requests.isEmpty)

        #expect(try await Self.sluice(home, "provider", "resume", "loopback").errors.contains("takes calls again"))
        #expect(try await next.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        #expect(provider.requests.count == 1)
        #expect(try await Self.sluice(home, "provider", "resume", "loopback").errors.contains("was not paused"))
        let audit = try await Self.sluice(home, "audit").output
        for action in ["provider.pause", "provider.resume"] {
            #expect(audit.split(separator: "\n").contains { $0.contains(action) && $0.contains("operator:\(me)") })
        }
        #expect(await next.stop() == 0)
        let offline = try await Self.sluice(home, "provider", "pause", "loopback")
        #expect(offline.status == 1 && offline.errors.contains("no gateway runs"))
    }

    @Test("by drain returns when nothing is under way at it any more")
    func drained() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            .hold(
                until: gate,
                then: .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
            )
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Self.start(home)
        let token = try await gateway.token()
        let chat = #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#
        async let answer = gateway.send("POST", "/v1/chat/completions", token: token, body: chat)
        _ = await provider.requests(atLeast: 1)
        let drain = try Command(["provider", "drain", "loopback", "--data", home.data])
        while !(try await Self.sluice(home, "provider", "list").output.contains("paused since")) {
            try Task.checkCancellation()
        }
        gate.open()
        #expect(try await answer.status == 200)
        #expect(await drain.ended() == 0)
        #expect(drain.errors.text.contains("nothing is under way"))
        #expect(await gateway.stop() == 0)
    }
}
