import HTTPTypes
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite("A request that names what its provider holds", .timeLimit(.minutes(1)))
struct NamedStateTests {
    private static let place = "messages[0].content[0].file.file_id"

    private static func body(_ model: String, _ more: String = "") -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]\#(more)}"#
    }

    /// The model `tenants` is served by an account that anybody may use, `own` by one that has one owner.
    private func gateway() -> Gateway {
        let rows = [
            Rig.row("a", models: ["tenants"], credentials: []),
            Rig.row("b", models: ["own"], credentials: [], statePolicy: StatePolicy(isShared: true)),
        ]
        return .held(rows: rows) { number in
            // The first is refused in such a way that its job is dead.
            number == 1
                ? .answer(
                    status: 400,
                    headers: [HeaderField("content-type", "application/json")],
                    #"{"error":{"message":"no"}}"#
                )
                : .answer(#"{"id":"c","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}"#)
        }
    }

    @Test("is refused, sync, streamed and queued, naming the member and the way out, and nothing is stored or sent")
    func refused() async throws {
        try await gateway().with { gateway, client in
            for (more, field) in [("", nil), (#","stream":true"#, nil), ("", "respond-async")] as [(String, String?)] {
                let fields: HTTPFields = field.map { .one("Prefer", $0) } ?? [:]
                let answer = try await client.send(.post, "/v1/chat/completions", Self.body("tenants", more), fields)
                #expect(answer.status == 400)
                let error = try #require(try answer.json().root[key: "error"])
                #expect(error[key: "param"]?.string == Self.place)
                #expect(error[key: "type"]?.string == "invalid_request_error")
                let message = try #require(error[key: "message"]?.string)
                #expect(message.hasPrefix("\(Self.place) names state that the provider holds for its account; "))
                #expect(message.contains("`sharedState`, or leave it out"))
            }
            #expect(gateway.transport.calls.isEmpty)
            #expect(try await gateway.isEmpty)
        }
    }

    @Test(
        "takes a reference for state, but not within a thread, where the gateway resolves it; all else stays state there"
    )
    func references() throws {
        func member(_ more: String, _ item: String = #"{"type":"item_reference","id":"i"}"#) throws -> String? {
            let body = #"{"model":"m","input":[\#(item)]\#(more)}"#
            return try NamedState(try Document(Array(body.utf8)).root, .openAIResponses, fallbacks: []).member
        }
        let thread = #","previous_response_id":"resp_1""#
        #expect(try member("") == "input[0].id")
        #expect(try member(#","previous_response_id":null"#) == "input[0].id")
        #expect(try member(thread) == nil)
        #expect(try member(thread, #"{"type":"reasoning","id":"rs_1"}"#) == "input[0].id")
        #expect(try member(thread + #","conversation":"c""#) == "conversation")
    }

    @Test("is sent as it came where its account has one owner, and so it is as a prompt's request")
    func shared() async throws {
        try await gateway().with { gateway, client in
            _ = try await client.send(.post, "/v1/chat/completions", Self.body("own"))
            #expect(try await client.send(.post, "/v1/chat/completions", Self.body("own")).status == 200)
            let prompt = #"{"type":"chat","request":\#(Self.body("own"))}"#
            let queued = try await client.send(.post, "/v1/prompts", prompt, .one("Prefer", "wait=60"))
            #expect(try queued.field("status") == "succeeded")
            #expect(try queued.field("model") == "own")
            #expect(try queued.json().root[key: "fallbacks"]?.elements.isEmpty == true)
            let sent = gateway.transport.calls.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(sent == Array(repeating: Self.body("own"), count: 3))
        }
    }

    @Test("is refused in the envelope of Messages, too")
    func messages() async throws {
        try await gateway().with { gateway, client in
            let source = #"{"type":"document","source":{"type":"file","file_id":"f"}}"#
            let body = #"{"model":"tenants","max_tokens":9,"messages":[{"role":"user","content":[\#(source)]}]}"#
            let answer = try await client.send(.post, "/v1/messages", body, .one("anthropic-version", "2023-06-01"))
            #expect(answer.status == 400)
            let error = try #require(try answer.json().root[key: "error"])
            #expect(error[key: "type"]?.string == "invalid_request_error")
            #expect(
                error[key: "message"]?.string?.hasPrefix("messages[0].content[0].source.file_id names state") == true
            )
            #expect(gateway.transport.calls.isEmpty)
            #expect(try await gateway.isEmpty)
        }
    }

    @Test("is a prompt's fault, too, at the place of the member")
    func prompts() async throws {
        try await gateway().with { gateway, client in
            let prompt = #"{"type":"chat","request":\#(Self.body("tenants"))}"#
            let answer = try await client.send(.post, "/v1/prompts", prompt)
            #expect(answer.status == 400)
            #expect(try answer.pointers() == ["/request/messages/0/content/0/file/file_id"])
            #expect(answer.text.contains("sharedState"))
            #expect(try await gateway.isEmpty)
        }
    }

    @Test("has no fallbacks")
    func fallbacks() async throws {
        try await gateway().with { gateway, client in
            let field = HTTPFields.one("x-sluice-fallbacks", "tenants")
            let call = try await client.send(.post, "/v1/chat/completions", Self.body("own"), field)
            #expect(call.status == 400)
            #expect(try call.json().root[key: "error"]?[key: "param"]?.string == Self.place)
            #expect(call.text.contains("no other model can answer"))
            let prompt = #"{"type":"chat","fallbacks":["tenants"],"request":\#(Self.body("own"))}"#
            let queued = try await client.send(.post, "/v1/prompts", prompt)
            #expect(queued.status == 400)
            #expect(try queued.pointers() == ["/request/messages/0/content/0/file/file_id"])
            #expect(try await gateway.isEmpty)
        }
    }

    @Test("or says who pays is refused wherever it is asked")
    func payer() async throws {
        try await gateway().with { gateway, client in
            for model in ["own", "tenants"] {
                let body =
                    #"{"model":"\#(model)","messages":[{"role":"user","content":"Hi"}],"billing_policy":{"bill_to":"self"}}"#
                let answer = try await client.send(.post, "/v1/chat/completions", body)
                #expect(answer.status == 400)
                #expect(try answer.json().root[key: "error"]?[key: "param"]?.string == "billing_policy")
                #expect(answer.text.contains("says who pays"))
            }
            #expect(try await gateway.isEmpty)
        }
    }

    @Test("is sent again to no account with tenants, by its owner or by an operator")
    func redriven() async throws {
        try await gateway().with { gateway, client in
            let prompt = #"{"type":"chat","request":\#(Self.body("own"))}"#
            let dead = try await client.send(.post, "/v1/prompts", prompt, .one("Prefer", "wait=60"))
            #expect(try dead.field("status") == "dead")
            let id = try #require(try dead.field("id"))
            let text = try await gateway.token("redriver") { wanted in
                wanted.owner = "app"
                wanted.scopes = [.jobsRedrive, .jobsRead]
            }
            let operative = Client(client: client.client, token: text)
            let refused = try await operative.send(.post, "/v1/prompts/\(id)/redrive", #"{"model":"tenants"}"#)
            #expect(refused.status == 400)
            #expect(try refused.pointers() == ["/model"])
            #expect(refused.text.contains("sharedState"))
            #expect(try await operative.send(.post, "/v1/prompts/\(id)/redrive").status == 202)
            let ended = try await client.send(.get, "/v1/prompts/\(id)", nil, .one("Prefer", "wait=60"))
            #expect(try ended.field("status") == "succeeded")
        }
    }
}
