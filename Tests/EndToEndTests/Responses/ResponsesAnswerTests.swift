import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, for responses", .timeLimit(.minutes(3)))
struct ResponsesAnswerTests {
    @Test("gets responses, again by their ids, and every byte of what nobody knows")
    func answers() async throws {
        let stand = try await SDKStand.responses()
        let seen = try await stand.run("responses")
        let greeting = ResponsesProvider.pieces.joined()
        let response = try #require(seen["response"])
        #expect(response[key: "text"]?.string == greeting)
        #expect(response[key: "status"]?.string == "completed")
        #expect(response[key: "total"]?.integer == 21)
        #expect(response[key: "model"]?.string == "gpt-hello-2026")
        #expect(response[key: "again"].map { text($0) } == response[key: "whole"].map { text($0) })
        #expect(response[key: "items"]?.elements.map(\.strings) == [["Hello"]])
        // Only what runs in the background can be cancelled.
        #expect(seen["cancelled"]?[key: "status"]?.integer == 400)
        #expect(seen["deleted"]?[key: "raised"]?.isNull == true)
        #expect(seen["nobodys"]?[key: "raised"]?.string == "NotFoundError")

        let raw = try #require(seen["raw"])
        #expect(raw[key: "status"]?.integer == 200)
        #expect(raw[key: "body"]?.string == ResponsesProvider.odd)
        #expect(raw[key: "unknown"]?[key: "deep"]?.elements.count == 5)
        let sent = try #require(raw[key: "sent"]?.string)
        let received = try #require(
            stand.provider.requests.first { $0.text == sent },
            "the body was changed on its way"
        )
        #expect(received["x-codex-nobody-knows"] == "this")

        #expect(seen["tools"]?[key: "types"]?.strings == ["reasoning", "function_call"])
        #expect(seen["tools"]?[key: "opaque"]?.string == "b3BhcXVl+/==")
        #expect(seen["tools"]?[key: "name"]?.string == "weather")
        #expect(seen["tools"]?[key: "arguments"]?.string == #"{"city":"Köln"}"#)
        #expect(seen["parsed"]?[key: "answer"]?.integer == 42)
        #expect(seen["second"]?[key: "text"]?.string == greeting)
        #expect(seen["lost"]?[key: "raised"]?.string == "BadRequestError")
        #expect(seen["lost"]?[key: "code"]?.string == "previous_response_not_found")
        #expect(seen["lost"]?[key: "param"]?.string == "previous_response_id")

        guard let gateway = stand.gateway else { return }
        #expect(seen["afterwards"]?[key: "raised"]?.string == "NotFoundError")
        #expect(seen["second"]?[key: "items"]?.elements.map(\.strings) == [["And again"]])
        let fields = try #require(raw[key: "headers"])
        #expect(fields[key: "x-codex-nobody-knows"]?.string == "back")
        #expect(fields[key: "openai-processing-ms"]?.string == "12")
        #expect(fields[key: "openai-organization"] == nil)
        for request in stand.provider.requests {
            #expect(!String(decoding: request.raw, as: UTF8.self).contains(stand.token))
        }
        // An answer that is not to be kept is there for a while, so that a retry finds it.
        let record = try await gateway.record(try #require(raw[key: "job"]?.string), token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "surface"]?.string == "responses")
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 21)
    }

    @Test("has a conversation compacted")
    func compaction() async throws {
        let seen = try await SDKStand.responses().run("responses_compact")
        #expect(seen["compacted"]?[key: "object"]?.string == "response.compaction")
        #expect(seen["compacted"]?[key: "types"]?.strings == ["compaction"])
    }

    @Test("is answered in the background, asks until it is done, and resumes in both of its ways")
    func background() async throws {
        let stand = try await SDKStand.responses()
        _ = try stand.needGateway()
        let seen = try await stand.run("responses_background")
        let greeting = ResponsesProvider.pieces.joined()
        let polled = try #require(seen["polled"])
        #expect(["queued", "in_progress"].contains(polled[key: "begun"]?.string))
        #expect(polled[key: "status"]?.string == "completed")
        #expect(polled[key: "background"]?.boolean == true)
        #expect(polled[key: "text"]?.string == greeting)
        #expect(polled[key: "total"]?.integer == 21)
        #expect(polled[key: "id"]?.string != "resp_loopback")
        #expect(seen["cancelled"]?[key: "status"]?.string == "completed")

        let streamed = try #require(seen["streamed"])
        #expect(streamed[key: "names"]?.strings.prefix(2) == ["response.created", "response.queued"])
        #expect(streamed[key: "names"]?.strings.last == "response.completed")
        #expect(streamed[key: "text"]?.string == greeting)
        #expect(streamed[key: "ids"]?.elements.count == 1)
        let numbers = streamed[key: "numbers"]?.elements.compactMap(\.integer) ?? []
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        let after = seen["resumed"]?[key: "after"]?.integer ?? 0
        for check in ["resumed", "helped"] {
            #expect(seen[check]?[key: "raised"]?.isNull == true, "\(check)")
            #expect(
                seen[check]?[key: "numbers"]?.elements.compactMap(\.integer) == numbers.filter { $0 > after },
                "\(check)"
            )
            #expect(seen[check]?[key: "text"]?.string == ResponsesProvider.pieces.dropFirst().joined(), "\(check)")
        }
        #expect(seen["helped"]?[key: "final"]?.string == greeting)
        #expect(seen["beyond"]?[key: "names"]?.strings == ["response.completed"])
        #expect(seen["items"]?[key: "texts"]?.elements.map(\.strings) == [["Hello"]])
        #expect(seen["afterwards"]?[key: "raised"]?.string == "NotFoundError")
        // What nobody waits for is the gateway's own affair.
        let asked = try stand.requests("gpt-hello")
        #expect(asked.count == 2 && asked.allSatisfy { $0[key: "background"] == nil })
    }

    private func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
}
