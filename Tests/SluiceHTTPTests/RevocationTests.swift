import HTTPTypes
import SluiceEngine
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP
@testable import SluiceTokens

/// What becomes of requests that are open when their API token ends.
@Suite("A token that ends", .timeLimit(.minutes(1)))
struct RevocationTests {
    private static func ended(_ gateway: Gateway, _ client: Client, expires: Bool) async throws {
        let token = try #require(TokenText(client.token)).id
        while gateway.tokens.requests.count == 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
        if expires {
            gateway.tokens.requests.expire(at: Timestamp.now().adding(.seconds(91 * 86_400)))
        } else {
            _ = try await gateway.tokens.revoke(token, actor: "operator")
        }
    }

    @Test("ends a long poll with 401, and leaves the prompt alone", arguments: [true, false], ["POST", "GET"])
    func longPoll(expires: Bool, method: String) async throws {
        let gateway = Gateway(longestWait: 3600)
        try await gateway.with(running: true) { client in
            let wait = HTTPFields.one("Prefer", "wait=3600")
            let id = method == "GET" ? try await client.post("hold-1") : ""
            async let answer =
                method == "GET"
                ? client.send(.get, "/v1/prompts/\(id)", nil, wait)
                : client.send(.post, "/v1/prompts", prompt("hold-1"), wait)
            try await Self.ended(gateway, client, expires: expires)
            let told = try await answer
            #expect(told.status == 401)
            #expect(told.text.contains("has ended, or was revoked, while this waited"))
            #expect(gateway.tokens.requests.count == 0)
        }
        let job = try #require(try await gateway.store.jobs(JobQuery(owner: nil, limit: 1)).first)
        #expect(job.state == .running || job.state == .queued)
    }

    @Test("ends the events of a prompt, without an end")
    func events() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let id = try await client.post("hold-1")
            async let told = client.events(id)
            try await Self.ended(gateway, client, expires: false)
            #expect(try await !told.contains("event: end"))
        }
    }

    @Test(
        "cuts a call where it was revoked, unless the operator says otherwise; one whose time is over goes on",
        arguments: [
            (cuts: true, expires: false, state: JobState.cancelled), (cuts: false, expires: false, state: .succeeded),
            (cuts: true, expires: true, state: .succeeded),
        ]
    )
    func call(cuts: Bool, expires: Bool, state: JobState) async throws {
        let gateway = Gateway.held(adapter: Rig.chat, cutsRevoked: cuts)
        try await gateway.with { rig, client in
            let body = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}"#
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                try await rig.transport.waitForCalls(1)
                rig.transport.release(1)
                let piece = #"data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}"# + "\n\n"
                rig.transport.play(1, .chunk(piece))
                _ = await raw.read(until: "hi")
                try await Self.ended(gateway, client, expires: expires)
                let last =
                    #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
                if state == .succeeded {
                    rig.transport.play(1, .chunk(last), .end)
                    #expect(await raw.read(until: "[DONE]").contains("[DONE]"))
                } else {
                    #expect(await !raw.readToEnd().contains("[DONE]"))
                }
            }
            let job = try #require(try await rig.store.jobs(JobQuery(owner: nil, limit: 1)).first)
            let owner = try await rig.store.owners().first?.id
            let ended = try await rig.engine.wait(for: job.id, owner: owner, atMost: .seconds(1_000_000))
            #expect(ended?.state == state)
        }
    }
}
