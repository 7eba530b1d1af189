import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import Testing

@Suite("The events of the built program", .timeLimit(.minutes(2)))
struct EventsTests {
    @Test("are told in full after the end, the same after a stop and a start, and from any of them on")
    func restart() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .chat(text: "Grüße\nund Tschüss") }
        let home = try Home(Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, environment: environment)
        let token = try await first.token()
        let id = try await first.prompt(model: "gpt-4o-mini", token: token)
        let told = try await first.send("GET", "/v1/prompts/\(id)/events", token: token)
        #expect(told["Content-Type"] == "text/event-stream")
        #expect(await first.stop() == 0)
        #expect(told.text.contains(#"data: {"text":"Grüße\nund Tschüss"}"#))
        #expect(told.text.contains("event: end"))

        let second = try await Gateway.start(in: home, environment: environment)
        #expect(try await second.send("GET", "/v1/prompts/\(id)/events", token: token).text == told.text)
        let rest = try await second.send(
            "GET",
            "/v1/prompts/\(id)/events",
            token: token,
            headers: ["Last-Event-ID": "1.0"]
        )
        #expect(!rest.text.contains("event: attempt"))
        #expect(told.text.hasSuffix(rest.text) && rest.text.hasPrefix("event: delta"))
    }

    @Test("go on with the next attempt after a crash in the middle of one")
    func crash() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 0 ? .silence : .chat(text: "Again") }
        let home = try Home(Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, environment: environment)
        let token = try await first.token()
        let id = try await first.prompt(model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        #expect(await first.stop(SIGKILL) == 128 + SIGKILL)

        let second = try await Gateway.start(in: home, environment: environment)
        // Whatever was read of the first attempt: it was lost with its process.
        for place in ["1.0", "1.500"] {
            let told = try await second.send(
                "GET",
                "/v1/prompts/\(id)/events",
                token: token,
                headers: ["Last-Event-ID": place]
            )
            #expect(told.text.hasPrefix("event: attempt\nid: 3.0\n"), "\(told.text)")
            #expect(told.text.contains(#"data: {"text":"Again"}"#))
            #expect(told.text.contains(#""possiblyCharged":true"#))
        }
    }
}
