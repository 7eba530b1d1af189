import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StopTests {
    @Test("A stop ends long polls at once, with what is known")
    func polls() async throws {
        let gateway = Gateway(longestWait: 3600)
        try await gateway.with(running: true) { client in
            async let polled = client.send(.post, "/v1/prompts", prompt("hold-1"), .one("Prefer", "wait=3600"))
            while try await gateway.store.counts()[.running] != 1 { await Task.yield() }
            let running = try await client.send(.get, "/v1/prompts").json().root[key: "prompts"]?[0]?[key: "id"]?.string
            async let got = client.send(.get, "/v1/prompts/\(running ?? "")", nil, .one("Prefer", "wait=3600"))
            gateway.engine.drain()
            #expect(try await got.status == 202)
            let answer = try await polled
            #expect(answer.status == 202)
            let id = try answer.field("id") ?? ""
            let late = try await client.send(.get, "/v1/prompts/\(id)", nil, .one("Prefer", "wait=3600"))
            #expect(late.status == 202)
        }
    }

    @Test("Once nothing is claimed new prompts are refused, and all else goes on")
    func refusesNewOnes() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let id = try await client.post()
            gateway.engine.drain()
            for path in ["/v1/prompts", "/gpt/prompt", "/dev/gpt/prompt"] {
                let refused = try await client.send(.post, path, prompt())
                #expect(refused.status == 503)
                #expect(try refused.field("type") == "urn:sluice:problem:stopping")
                #expect(refused.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
                #expect(refused.headers[.connection] == "close")
            }
            #expect(try await client.send(.get, "/v1/prompts/\(id)").status == 200)
            #expect(try await client.send(.get, "/v1/prompts/\(id)/attempts").status == 200)
            #expect(try await client.send(.get, "/gpt/prompt?id=\(id)").status == 200)
            #expect(try await client.send(.get, "/v1/prompts").status == 200)
            #expect(try await client.send(.get, "/readyz").status == 503)
            #expect(try await client.send(.post, "/v1/prompts/\(id)/cancel").status == 200)
        }
        #expect(try await gateway.store.counts() == [.cancelled: 1])
    }

    @Test("During the drain delay prompts are still taken, though readiness is gone")
    func drainDelay() async throws {
        let gateway = Gateway(drainDelay: .seconds(3600))
        try await gateway.with { client in
            gateway.engine.drain()
            let readiness = try await client.send(.get, "/readyz")
            #expect(readiness.status == 503)
            #expect(try await client.send(.post, "/v1/prompts", prompt()).status == 202)
        }
    }

    @Test("A refused prompt closes its connection, so that the next one goes elsewhere")
    func closes() async throws {
        let gateway = Gateway(limits: GuardTests.patient)
        try await gateway.with(.live) { client in
            gateway.engine.drain()
            let answer = try await RawClient.with(port: client.port) { raw in
                var text = "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                text += "Authorization: Bearer \(client.token)\r\nContent-Length: \(prompt().utf8.count)\r\n\r\n"
                try await raw.send(text + prompt())
                return await raw.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
        }
    }
}
