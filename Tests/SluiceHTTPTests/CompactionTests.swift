import HTTPTypes
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// `POST /v1/responses/compact`: a call like another, whose answer is no response.
@Suite("A conversation that is compacted", .timeLimit(.minutes(1)))
struct CompactionTests {
    private static let path = "/v1/responses/compact"
    private static let json = [HeaderField("content-type", "application/json")]
    private static let made =
        #"{"id":"resp_c", "object":"response.compaction","created_at":5,"output":[{"type":"compaction","encrypted_content":"c\/"}],"#
        + #""usage":{"input_tokens":7,"output_tokens":2,"total_tokens":9},"new":[1E2]}"#
    private static let response = #"{"id":"resp_1","object":"response","status":"completed","output":[]}"#

    private static func gateway(_ script: @escaping @Sendable (_ number: Int) -> ReplayScript) -> Gateway {
        var row = Rig.row("up", adapter: Rig.responses, formats: [.openAIResponses, .openAICompaction])
        row.statePolicy = StatePolicy(keepsResponses: 29)
        return .held(rows: [row], script: script)
    }

    @Test("goes to the provider's own path, and back as it came; it is a job, and no response")
    func passes() async throws {
        try await Self.gateway { _ in .answer(headers: Self.json, Self.made) }.with { gateway, client in
            let body = #"{"model":"m", "input":"A long story.","instructions":"Be short.","new":[1E2]}"#
            let answer = try await client.send(.post, Self.path, body)
            #expect(answer.status == 200 && answer.text == Self.made)
            let call = try #require(gateway.transport.calls.first)
            #expect(call.url.hasSuffix("/responses/compact"), "\(call.url)")
            #expect(String(decoding: call.body, as: UTF8.self) == body)

            let id = try #require(answer.headers[.sluiceJob])
            let job = try await client.send(.get, "/v1/prompts/\(id)").json().root
            #expect(job[key: "usage"]?[key: "totalTokens"]?.integer == 9)
            #expect(job[key: "status"]?.string == "succeeded")
            #expect(try await client.send(.get, "/v1/responses/resp_c").status == 404)
            let next = #"{"model":"m","input":"on","previous_response_id":"resp_c"}"#
            let refused = try await client.send(.post, "/v1/responses", next)
            #expect(try refused.json().root[key: "error"]?[key: "code"]?.string == "previous_response_not_found")
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test("is found under no response's id where nobody waits for it")
    func queued() async throws {
        try await Self.gateway { _ in .answer(headers: Self.json, Self.made) }.with { _, client in
            let answer = try await client.send(
                .post,
                Self.path,
                #"{"model":"m","input":"x"}"#,
                [.prefer: "respond-async"]
            )
            #expect(answer.status == 202)
            let id = try #require(answer.headers[.sluiceJob]).replacing("-", with: "")
            #expect(try await client.send(.get, "/v1/responses/resp_\(id)").status == 404)
            #expect(try await client.send(.delete, "/v1/responses/resp_\(id)").status == 404)
        }
    }

    @Test("takes up the response that it names, where its account keeps it")
    func continues() async throws {
        let gateway = Self.gateway { .answer(headers: Self.json, $0 == 1 ? Self.response : Self.made) }
        try await gateway.with { gateway, client in
            let first = try await client.send(.post, "/v1/responses", #"{"model":"m","input":"one"}"#)
            #expect(first.status == 200)
            let body = #"{"model":"m","previous_response_id":"resp_1"}"#
            let answer = try await client.send(.post, Self.path, body)
            #expect(answer.text == Self.made)
            #expect(String(decoding: gateway.transport.calls[1].body, as: UTF8.self) == body)
        }
    }

    @Test("is answered whole, to who waits", arguments: ["stream", "background"])
    func refused(member: String) async throws {
        try await Self.gateway { _ in .answer(Self.made) }.with { gateway, client in
            let answer = try await client.send(.post, Self.path, #"{"model":"m","input":"x","\#(member)":true}"#)
            let error = try answer.json().root[key: "error"]
            #expect(answer.status == 400 && error?[key: "param"]?.string == member)
            #expect(gateway.transport.calls.isEmpty)
        }
    }

    @Test(
        "does no harm to other calls at a provider that makes none, which is told by its own status",
        arguments: [(404, 404), (405, 405), (501, 400)]
    )
    func unknown(status: Int, told: Int) async throws {
        let gateway = Self.gateway { number in
            number == 1
                ? .answer(status: status, headers: Self.json, #"{"detail":"Not Found"}"#)
                : .answer(headers: Self.json, Self.response)
        }
        try await gateway.with { gateway, client in
            let refused = try await client.send(.post, Self.path, #"{"model":"m","input":"x"}"#)
            let error = try refused.json().root[key: "error"]
            #expect(refused.status == told && error?[key: "code"]?.string == "unsupported", "\(refused.text)")
            #expect(try await client.send(.post, "/v1/responses", #"{"model":"m","input":"x"}"#).status == 200)
            #expect(gateway.transport.calls.count == 2)
        }
    }

    @Test("is refused where nobody who serves the model speaks Responses, with the path that takes it")
    func otherFormat() async throws {
        try await Gateway.held(rows: [Rig.row("c", formats: [.openAIChat])]).with { gateway, client in
            let answer = try await client.send(.post, Self.path, #"{"model":"m","input":"x"}"#)
            #expect(answer.status == 400 && answer.text.contains("POST /v1/chat/completions"), "\(answer.text)")
            #expect(gateway.transport.calls.isEmpty)
        }
    }

    @Test("names no path for compactions to who asks for something else")
    func otherFormatOfResponses() async throws {
        try await Self.gateway { _ in .answer(Self.made) }.with { _, client in
            let answer = try await Wire.chat.send(client)
            #expect(
                answer.status == 400 && answer.text.contains("POST /v1/responses)") && !answer.text.contains("compact")
            )
        }
    }

    @Test("has no tokens of an earlier response counted, whosever that is: no id of one goes up")
    func counting() async throws {
        try await Self.gateway { _ in .answer(headers: Self.json, #"{"input_tokens":1}"#) }.with { gateway, client in
            let path = "/v1/responses/input_tokens"
            for more in ["", #","input":[{"type":"item_reference","id":"msg_1"}]"#] {
                let body = #"{"model":"m","previous_response_id":"resp_other"\#(more)}"#
                let answer = try await client.send(.post, path, body)
                let error = try answer.json().root[key: "error"]
                #expect(answer.status == 400 && error?[key: "param"]?.string == "previous_response_id")
            }
            #expect(gateway.transport.calls.isEmpty)
            let answer = try await client.send(.post, path, #"{"model":"m","input":"x","previous_response_id":null}"#)
            #expect(answer.status == 200 && gateway.transport.calls.count == 1)
        }
    }
}
