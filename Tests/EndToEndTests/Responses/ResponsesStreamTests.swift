import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, for streams of responses", .timeLimit(.minutes(3)))
struct ResponsesStreamTests {
    private static let names =
        ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]
        + ResponsesProvider.pieces.map { _ in "response.output_text.delta" }
        + [
            "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.completed",
        ]

    @Test("gets the events one by one, by iteration and by its helper")
    func streams() async throws {
        let stand = try await SDKStand.responses()
        let seen = try await stand.run("responses_streams")
        for check in ["plain", "raw", "helper-gpt-hello"] {
            #expect(seen[check]?[key: "raised"]?.isNull == true, "\(check)")
            #expect(seen[check]?[key: "text"]?.string == ResponsesProvider.pieces.joined(), "\(check)")
            #expect(seen[check]?[key: "names"]?.strings == Self.names, "\(check)")
            let numbers = seen[check]?[key: "numbers"]?.elements.map(\.integer) ?? []
            #expect(numbers == Self.names.indices.map { Int64($0) }, "\(check)")
        }
        #expect(seen["incomplete"]?[key: "names"]?.strings.last == "response.incomplete")
        #expect(seen["incomplete"]?[key: "reason"]?.string == "max_output_tokens")
        let output = seen["helper-gpt-tools"]?[key: "response"]?[key: "output"]?.elements ?? []
        #expect(output.map { $0[key: "type"]?.string } == ["reasoning", "function_call"])
        #expect(output.first?[key: "encrypted_content"]?.string == "b3BhcXVl+/==")
        #expect(output.last?[key: "arguments"]?.string == #"{"city":"Köln"}"#)
        #expect(seen["parsed"]?[key: "answer"]?.integer == 42)
        #expect(seen["leftEarly"]?[key: "after"]?.string == ResponsesProvider.pieces.joined())

        guard let gateway = stand.gateway else { return }
        let record = try await gateway.end(of: try #require(seen["raw"]?[key: "job"]?.string), token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 21)
    }

    @Test("never takes a stream that breaks for a whole one, and gets what came before")
    func broken() async throws {
        let stand = try await SDKStand.responses()
        let models = ResponsesProvider.broken.keys.sorted()
        let seen = try await stand.run("responses_broken", models.joined(separator: ","))
        for model in models {
            let fault = try #require(seen[model], "\(model)")
            let names = fault[key: "names"]?.strings ?? []
            #expect(!names.contains("response.completed") && !names.contains("response.incomplete"), "\(model)")
            // A reset may overtake what was sent before it.
            let text = fault[key: "text"]?.string
            #expect(text == "Hel" || model == "gpt-reset" && text == "", "\(model)")
            #expect(try stand.requests(model).count == 1, "\(model)")
            guard stand.gateway != nil else { continue }
            // Told in the stream itself, in the one event that the SDK and Codex know.
            #expect(names.last == "response.failed", "\(model): \(names)")
            #expect(fault[key: "lastCode"]?.string?.isEmpty == false, "\(model)")
            #expect(fault[key: "lastMessage"]?.string?.isEmpty == false, "\(model)")
            let numbers = fault[key: "numbers"]?.elements.compactMap(\.integer) ?? []
            #expect(numbers == numbers.indices.map { Int64($0) }, "\(model)")
        }
    }

    @Test("gets of OpenAI's own scenarios what it gets without a gateway: equal events, equal responses")
    func files() async throws {
        let scenarios = try await Python.sources(of: "openai", ending: "websocket_scenarios.json").values
            .flatMap { try Document(Array($0.utf8)).root[key: "scenarios"]?.elements ?? [] }
        var turns: [String: [String]] = [:]
        for scenario in scenarios {
            let name = scenario[key: "id"]?.string ?? ""
            for (number, turn) in (scenario[key: "turns"]?.elements ?? []).enumerated() {
                let frames = turn[key: "frames"]?.elements ?? []
                // What breaks is another test's; without a gateway the SDK takes it for whole.
                let end = frames.last?[key: "type"]?.string ?? ""
                guard ["response.completed", "response.incomplete"].contains(end) else { continue }
                turns["\(name)-\(number)"] = frames.map { frame in
                    let type = frame[key: "type"]?.string ?? ""
                    // Its file has them on several lines.
                    let data = String(decoding: frame.bytes, as: UTF8.self).replacing("\n", with: " ")
                    return "event: \(type)\ndata: \(data)\n\n"
                }
            }
        }
        #expect(turns.count >= 6, "\(turns.keys.sorted())")
        let stand = try await SDKStand.responses(ResponsesProvider.script(files: turns))
        let models = turns.keys.sorted().map { "file-\($0)" }
        let direct = try await stand.runDirectly("responses_files", models.joined(separator: ","))
        #expect(models.allSatisfy { direct[$0]?[key: "plain"]?.elements.isEmpty == false })
        guard stand.gateway != nil else { return }
        let seen = try await stand.run("responses_files", models.joined(separator: ","))
        for model in models {
            let (one, other) = (text(direct[model]), text(seen[model]))
            #expect(one == other, "\(model)")
        }
    }

    private func text(_ seen: JSONValue?) -> String {
        seen.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }
}
