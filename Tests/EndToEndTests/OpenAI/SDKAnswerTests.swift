import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, for whole answers", .timeLimit(.minutes(3)))
struct SDKAnswerTests {
    @Test("gets chats and completions, and every byte of what nobody knows")
    func answers() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("answers")
        let greeting = SDKProvider.pieces.joined()
        for check in ["chat", "completion"] {
            #expect(seen[check]?[key: "text"]?.string == greeting, "\(check)")
            #expect(seen[check]?[key: "finish"]?.string == "stop", "\(check)")
            #expect(seen[check]?[key: "total"]?.integer == 21, "\(check)")
        }
        #expect(seen["chat"]?[key: "model"]?.string == "gpt-hello-2025")

        let raw = try #require(seen["raw"])
        #expect(raw[key: "status"]?.integer == 200)
        #expect(raw[key: "contentType"]?.string == "application/json")
        #expect(raw[key: "body"]?.string == SDKProvider.odd)
        #expect(raw[key: "texts"]?.strings == ["One", "Two 😀"])
        #expect(raw[key: "unknown"]?[key: "deep"]?.elements.count == 5)
        let sent = try #require(raw[key: "sent"]?.string)
        #expect(sent.contains("nobody_has_invented_this"))
        #expect(stand.provider.requests.count { $0.text == sent } == 1, "the body was changed on its way")

        #expect(seen["tools"]?[key: "name"]?.string == "weather")
        #expect(seen["tools"]?[key: "arguments"]?.string == #"{"city":"Köln"}"#)
        #expect(seen["tools"]?[key: "finish"]?.string == "tool_calls")
        #expect(seen["streamingResponse"]?[key: "body"]?.string?.contains(greeting) == true)
        #expect(stand.provider.requests.count == 5)

        guard let gateway = stand.gateway else { return }
        let record = try await gateway.record(try #require(raw[key: "job"]?.string), token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "surface"]?.string == "openai")
        #expect(record[key: "attempts"]?.integer == 1)
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 21)
        #expect(record[key: "result"].map { String(decoding: $0.bytes, as: UTF8.self) } == SDKProvider.odd.trimmed)
        #expect(record[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == sent)
    }

    @Test("gets embeddings in both encodings, and the models that there are")
    func embeddings() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("embeddings")
        #expect(vectors(seen["usual"]) == [[0.5, -0.25, 1]])
        #expect(seen["usual"]?[key: "total"]?.integer == 8)
        #expect(vectors(seen["floats"]) == [[0.5, -0.25, 1], [0.5, -0.25, 1]])
        #expect(seen["floats"]?[key: "indexes"]?.elements.map(\.integer) == [0, 1])
        #expect(seen["base64"]?[key: "vectors"]?.strings == ["AAAAPwAAgL4AAIA/"])
        let encodings = try stand.requests("embed-small").map { $0[key: "encoding_format"]?.string }
        #expect(encodings == ["base64", "float", "base64"])

        let ids = seen["models"]?[key: "ids"]?.strings ?? []
        #expect(Set(SDKStand.listed).isSubset(of: ids), "\(ids)")
        #expect(!ids.contains { $0.contains("*") })
        #expect(seen["model"]?[key: "id"]?.string == "gpt-hello")
        #expect(seen["noModel"]?[key: "raised"]?.string == "NotFoundError")
        #expect(seen["noModel"]?[key: "code"]?.string == "model_not_found")
    }

    @Test("gets each answer to its own question, with the asynchronous client")
    func together() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("together")
        for check in ["whole", "streamed"] {
            let asked = try #require(seen[check]?[key: "asked"]?.strings)
            #expect(asked.count == 16)
            #expect(seen[check]?[key: "answered"]?.strings == asked, "\(check)")
        }
        #expect(stand.provider.requests.count == 32)
    }

    private func vectors(_ seen: JSONValue?) -> [[Double]]? {
        seen?[key: "vectors"]?.elements.map { $0.elements.compactMap(\.number) }
    }
}

extension String {
    /// Without the white space at both ends, which belongs to no JSON value.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
