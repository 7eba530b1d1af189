import Foundation
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What SDKs make of limits, unmodified.
@Suite("An SDK whose owner has limits", .timeLimit(.minutes(3)))
struct LimitSDKTests {
    static let surfaces = ["chats", "messages", "responses"]

    private static let rows = [
        SDKStand.Row(name: "chat", models: "gpt-*", more: prices("gpt-*")),
        SDKStand.Row(name: "messages", adapter: "anthropic-messages", models: "claude-*", more: prices("claude-*")),
        SDKStand.Row(name: "responses", adapter: "openai-responses", models: "resp-*", more: prices("resp-*")),
    ]

    private static func prices(_ models: String) -> String {
        #","prices":{"\#(models)":{"input":0,"output":1000}}"#
    }

    private static func stand() async throws -> SDKStand {
        try await SDKStand(rows, arguments: ["--access-log", "--log-format", "json"]) { request, _ in
            let format = ChatFormat(path: request.path) ?? .chat
            let model = (try? Document(request.body))?.root[key: "model"]?.string ?? ""
            let answer = Reply.answer(format, ["Hello"], id: "call-1", usage: (input: 3, output: 100), isStream: false)
            return model.hasSuffix("slow") ? Reply([.pause(1500)] + answer.steps) : answer
        }
    }

    private static func limit(_ stand: SDKStand, _ options: String...) async throws {
        let gateway = try stand.needGateway()
        let line = ["owner", "limit", "test", "--data", gateway.home.data] + options
        let done = try await Command.run(line)
        guard done.status == 0 else { throw HarnessError(done.errors) }
    }

    /// How many calls the gateway has answered, by its access log, which is whole when it has stopped.
    private static func requests(_ stand: SDKStand) async throws -> Int {
        let gateway = try stand.needGateway()
        #expect(await gateway.stop() == 0)
        return gateway.log.split(separator: "\n").count { $0.contains(#""route":"/v1/"#) && $0.contains("durationMs") }
    }

    @Test("raises at once where the budget is spent, and asks once", arguments: surfaces)
    func final(surface: String) async throws {
        let stand = try await Self.stand()
        try await Self.limit(stand, "--budget", "0.15", "--per", "ever")
        // One call of a hundred tokens fits.
        let first = try await stand.run("limits", "final", surface)
        #expect(first["call"]?[key: "text"]?.string == "Hello")
        let seen = try await stand.run("limits", "final", surface)
        let refused = try #require(seen["call"])
        #expect(refused[key: "raised"]?.string == "RateLimitError")
        #expect(refused[key: "shouldRetry"]?.string == "false")
        #expect(refused[key: "retryAfter"]?.string == "86400")
        #expect(stand.provider.requests.count == 1)
        // Of both: the one that was answered, and the one that was refused.
        #expect(try await Self.requests(stand) == 2)
    }

    @Test("raises at once what can never pass, and what nobody knows the price of", arguments: surfaces)
    func never(surface: String) async throws {
        let stand = try await Self.stand()
        try await Self.limit(stand, "--budget", "0.05")
        let seen = try await stand.run("limits", "final", surface)
        #expect(seen["call"]?[key: "raised"]?.string == "BadRequestError")
        #expect(stand.provider.requests.isEmpty)
        #expect(try await Self.requests(stand) == 1)
    }

    @Test("comes again as it is told where another call has the place, and succeeds", arguments: surfaces)
    func passing(surface: String) async throws {
        let stand = try await Self.stand()
        try await Self.limit(stand, "--at-once", "1")
        let seen = try await stand.run("limits", "passing", surface)
        #expect(seen["first"]?[key: "text"]?.string == "Hello")
        #expect(seen["second"]?[key: "text"]?.string == "Hello", "\(seen["second"]?[key: "message"]?.string ?? "")")
        #expect(stand.provider.requests.count == 2)
    }
}
