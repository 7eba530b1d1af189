import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Requests as Claude Code sends them", .timeLimit(.minutes(2)))
struct ClaudeCodeTests {
    @Test(
        "go up to the byte, with the fields that the provider has to know",
        arguments: ["claude-code-question", "claude-code-tool", "claude-code-small-model", "claude-code-whole"]
    )
    func bytes(name: String) async throws {
        let stand = try await SDKStand.messages()
        let call = try RecordedCall(name, model: "claude-hello")
        let answer = try await stand.answer(to: call)
        #expect(answer.status == 200, "\(answer.text)")
        let isStream = try Document(Array(call.body.utf8)).root[key: "stream"]?.boolean == true
        #expect(
            answer.text.hasSuffix("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n") == isStream,
            "\(answer.text)"
        )
        let request = try #require(stand.provider.requests.first)
        #expect(stand.provider.requests.count == 1)
        #expect(request.text == call.body)
        #expect(request.path.hasPrefix("/v1/messages"))
        #expect(request["anthropic-beta"] == call["anthropic-beta"])
        #expect(request["anthropic-version"] == "2023-06-01")
        guard stand.gateway != nil else { return }
        #expect(request["x-api-key"] == UpstreamTests.key)
        #expect(!String(decoding: request.raw, as: UTF8.self).contains(stand.token))
    }

    /// It tries the door without a token, and asks on the same connection.
    @Test("are answered on the connection on which the door was tried, and its list of models is Anthropic's")
    func door() async throws {
        let stand = try await SDKStand.messages()
        _ = try stand.needGateway()
        let (port, token) = (stand.port, stand.token)
        let (door, question) = (
            try RecordedCall("claude-code-hello"), try RecordedCall("claude-code-question", model: "claude-hello")
        )
        let answers = try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(door.bytes(port: port, token: token))
            // An answer to HEAD has no body, whatever its fields say.
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
                let more = try connection.more()
                guard !more.isEmpty else { throw HarnessError("closed at the door") }
                head += more
            }
            let first = AnswerReader.head(head[...])
            connection.send(question.bytes(port: port, token: token))
            return (first, try connection.answer())
        }
        #expect((200..<500).contains(answers.0.status))
        #expect(answers.1.status == 200)

        let models = try await stand.answer(to: try RecordedCall("claude-code-models")).json()
        #expect(models[key: "has_more"]?.boolean == false)
        let types = models[key: "data"]?.elements.map { $0[key: "type"]?.string } ?? []
        #expect(!types.isEmpty && types.allSatisfy { $0 == "model" })
    }
}

extension SDKStand {
    /// The answer to a recorded call, on a connection of its own.
    func answer(to call: RecordedCall) async throws -> Answer {
        let (port, bytes) = (port, call.bytes(port: port, token: token))
        return try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(bytes)
            return try connection.answer(mayBreakOff: true)
        }
    }
}
