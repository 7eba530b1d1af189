import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import SluiceJSON
import SluiceStore
import SluiceTesting
import Testing

@testable import SluiceHTTP

@Suite
struct GuardTests {
    private func connecting<Value: Sendable>(
        _ limits: ConnectionLimits = ConnectionLimits(),
        running: Bool = false,
        _ test: @escaping @Sendable (Client, inout RawClient) async throws -> Value
    ) async throws -> Value {
        try await Gateway(limits: limits, longestWait: 3600).with(.live, running: running) { client in
            try await RawClient.with(port: client.port) { try await test(client, &$0) }
        }
    }

    /// What is refused before any route sees it: the bytes, and the status.
    private static let refusals: [(name: String, request: String, status: Int)] = [
        ("long URL", "GET /\(String(repeating: "x", count: 4096)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("very long URL", "GET /\(String(repeating: "x", count: 40_000))", 414),
        ("large header", "GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "x", count: 17_000))\r\n\r\n", 431),
        (
            "large headers together",
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + (0..<4).map { "A\($0): \(String(repeating: "x", count: 4200))\r\n" }.joined() + "\r\n",
            431
        ),
        ("65 fields", "GET / HTTP/1.1\r\nHost: a\r\n" + (0..<64).map { "A\($0): x\r\n" }.joined() + "\r\n", 431),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("two hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
        ("gzip", "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (
            "two codings",
            "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            501
        ),
        (
            "length and coding",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        ("space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("no HTTP", "hello\r\n\r\n", 400), ("a proxy's", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (
            "an endless head",
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "Upgrade: \(String(repeating: "x", count: 1000))\r\n", count: 64),
            431
        ),
    ]

    @Test(
        "A request that breaks a limit or the protocol is refused, and the connection closed",
        arguments: refusals.indices
    )
    func refused(index: Int) async throws {
        let (name, request, status) = GuardTests.refusals[index]
        let answer = try await connecting { _, raw in
            try await raw.send(request)
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer.prefix(40))")
        #expect(answer.lowercased().contains("connection: close"))
        #expect(answer.contains("x-request-id: "))
        #expect(answer.contains("application/problem+json"))
    }

    /// What is refused on OpenAI's paths, and the code in the envelope.
    private static let openAIRefusals: [(name: String, request: String, status: Int, code: String)] = [
        (
            "long URL", "GET /v1/models?\(String(repeating: "x", count: 4096)) HTTP/1.1\r\nHost: a\r\n\r\n", 414,
            "url_too_long"
        ),
        ("very long URL", "GET /v1/models/\(String(repeating: "x", count: 40_000))", 414, "url_too_long"),
        (
            "large header",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "x", count: 17_000))\r\n\r\n", 431,
            "header_too_large"
        ),
        (
            "65 fields",
            "GET /v1/models HTTP/1.1\r\nHost: a\r\n" + (0..<64).map { "A\($0): x\r\n" }.joined() + "\r\n", 431,
            "header_too_large"
        ),
        ("no host", "GET /v1/models HTTP/1.1\r\n\r\n", 400, "bad_host"),
        (
            "two lengths",
            "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            400, "malformed_request"
        ),
    ]

    @Test("Such a refusal comes in OpenAI's envelope on OpenAI's paths", arguments: openAIRefusals.indices)
    func refusedInEnvelope(index: Int) async throws {
        let (name, request, status, code) = GuardTests.openAIRefusals[index]
        let answer = try await connecting { _, raw in
            try await raw.send(request)
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer.prefix(40))")
        #expect(answer.contains("content-type: application/json\r\n"), "\(name)")
        let body = Array((answer.components(separatedBy: "\r\n\r\n").last ?? "").utf8)
        let error = try Document(body).root[key: "error"]
        #expect(error?[key: "code"]?.string == code, "\(name)")
        #expect(error?[key: "type"]?.string == "invalid_request_error", "\(name)")
        #expect(error?[key: "param"]?.isNull == true && error?[key: "message"]?.string?.isEmpty == false)
    }

    @Test("The prompts' own paths keep their problem documents, whatever begins like them")
    func refusedBesideTheEnvelope() async throws {
        for path in ["/v1/prompts", "/v1/prompts?a=b", "/v1/prompts/pmt_1", "/v2/models", "/dev/gpt/prompt"] {
            let answer = try await connecting { _, raw in
                try await raw.send("GET \(path) HTTP/1.1\r\n\r\n")
                return await raw.readToEnd()
            }
            #expect(answer.contains("content-type: application/problem+json"), "\(path)")
        }
    }

    @Test("64 fields and a URL of 4,096 bytes are taken")
    func atTheLimit() async throws {
        let answer = try await connecting { _, raw in
            let fields = (0..<62).map { "A\($0): x\r\n" }.joined()
            let query = String(repeating: "x", count: 4096 - "/healthz?".utf8.count)
            try await raw.send("GET /healthz?\(query) HTTP/1.1\r\nHost: a\r\n\(fields)Connection: close\r\n\r\n")
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("A connection goes on after requests that ask for another protocol")
    func upgrades() async throws {
        try await connecting { _, raw in
            for _ in 1...3 {
                let fields = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                try await raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                #expect(await raw.read(until: #"{"status":"ok"}"#).hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test("Requests follow each other on one connection, piled up as well, and are answered in order")
    func keepAlive() async throws {
        let answer = try await connecting { _, raw in
            try await raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\nx-request-id: first\r\n\r\n")
            _ = await raw.read(until: #"{"status":"ok"}"#)
            try await raw.send(
                "GET /healthz HTTP/1.1\r\nHost: a\r\nx-request-id: second\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\nx-request-id: third\r\n\r\nGET / HTTP/1.1\r\n\r\n"
            )
            return await raw.readToEnd()
        }
        let places = ["first", "second", "third", "HTTP/1.1 400 "].map { answer.range(of: $0)?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    }

    @Test("Requests before the one that ends the connection are answered, requests after it are not")
    func lastOfThree() async throws {
        let answer = try await connecting { _, raw in
            let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n"
            try await raw.send("\(get)\r\n\(get)Connection: close\r\n\r\n\(get)\r\n")
            return await raw.readToEnd()
        }
        #expect(answer.components(separatedBy: "HTTP/1.1 200 ").count == 3)
    }

    @Test("A chunked body that is cut after a whole JSON text is not taken")
    func cutBody() async throws {
        let gateway = Gateway()
        try await gateway.with(.live) { client in
            let answer = try await RawClient.with(port: client.port) { raw in
                var text = "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                text += "Authorization: Bearer \(client.token)\r\nTransfer-Encoding: chunked\r\n\r\n"
                text += String(prompt().utf8.count, radix: 16) + "\r\n" + prompt() + "\r\nnonsense\r\n"
                try await raw.send(text)
                return await raw.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
        // The gateway has stopped, so that every request has come to its end.
        #expect(try await gateway.isEmpty)
    }

    @Test(
        "Who asks for the end of the connection gets it, in any case of letters, and HTTP/1.0 without asking",
        arguments: ["HTTP/1.1\r\nHost: a\r\nConnection: Close", "HTTP/1.1\r\nHost: a\r\nConnection: close", "HTTP/1.0"]
    )
    func asksForClose(rest: String) async throws {
        let answer = try await connecting { _, raw in
            try await raw.send("GET /healthz \(rest)\r\n\r\n")
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.contains("connection: close"))
    }

    /// Limits under which no clock closes a connection.
    static let patient = ConnectionLimits(
        headerTime: .seconds(3600),
        bodyTime: .seconds(3600),
        bodyRate: 0,
        idleTime: .seconds(3600)
    )

    @Test("An answer to a request whose body is not read closes the connection, and says so", .timeLimit(.minutes(1)))
    func unread() async throws {
        let answer = try await connecting(GuardTests.patient) { _, raw in
            try await raw.send("POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{")
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 401 "))
        #expect(answer.contains("connection: close"))
    }

    @Test(
        "A body announced or sent beyond the limit is 413, and the connection is closed",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func tooLarge(announced: Bool) async throws {
        let answer = try await Gateway(limits: GuardTests.patient, bodyLimit: 1000).with(.live) { client in
            try await RawClient.with(port: client.port) { raw in
                var head = "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                head += "Authorization: Bearer \(client.token)\r\n"
                head += announced ? "Content-Length: 1000000000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"
                try await raw.send(head)
                if !announced { try await raw.send("800\r\n\(String(repeating: " ", count: 2048))\r\n") }
                return await raw.readToEnd()
            }
        }
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.contains("connection: close"))
    }

    @Test("Who waits for 100 Continue gets it before the body, and 413 instead for a body that is too large")
    func continues() async throws {
        try await connecting { client, raw in
            let head =
                "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                + "Authorization: Bearer \(client.token)\r\n"
            try await raw.send(head + "Content-Length: \(prompt().utf8.count)\r\n\r\n")
            #expect(await raw.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
            try await raw.send(prompt())
            #expect(await raw.read(until: "updatedAt").contains("HTTP/1.1 202 "))
            try await RawClient.with(port: client.port) { other in
                try await other.send(head + "Content-Length: 40000000\r\n\r\n")
                #expect(await other.readToEnd().hasPrefix("HTTP/1.1 413 "))
            }
        }
    }

    @Test(
        "A header and a body that take too long are 408, and the connection is closed",
        arguments: [true, false],
        ["/v1/prompts", "/v1/chat/completions"]
    )
    func slow(inHead: Bool, path: String) async throws {
        let limits = ConnectionLimits(headerTime: .milliseconds(50), bodyTime: .milliseconds(50))
        let answer = try await connecting(limits) { client, raw in
            if inHead {
                try await raw.send("GET \(path) HTTP/1.1\r\nHo")
            } else {
                let head = "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                try await raw.send(head + "Authorization: Bearer \(client.token)\r\nContent-Length: 100\r\n\r\n{")
            }
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains(path == "/v1/prompts" ? "urn:sluice:problem:slow-request" : #""code":"slow_request""#))
    }

    @Test("A connection too many is told so and closed, and there is room again when one ends")
    func tooMany() async throws {
        let limits = ConnectionLimits(maxConnections: 2)
        try await connecting(limits) { client, raw in
            // The test client's connection and `raw` fill the house.
            try await raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = await raw.read(until: "ok")
            _ = try await client.send(.get, "/healthz")
            let refused = try await RawClient.with(port: client.port) { await $0.readToEnd() }
            #expect(refused.hasPrefix("HTTP/1.1 503 "))
            #expect(refused.contains("retry-after: 1"))
            #expect(try await client.send(.get, "/healthz").status == 200)
        }
    }

    @Test(
        "A body on its way is 408 when there are too many and it is the slowest; one that has come is counted no more"
    )
    func uploads() async throws {
        let limits = ConnectionLimits(maxConnections: 4, headerTime: .seconds(60), bodyTime: .seconds(60))
        let gateway = Gateway(limits: limits)
        let traffic = gateway.server.api.traffic
        try await gateway.with(.live) { client in
            let body = prompt()
            let head =
                "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\nAuthorization: Bearer \(client.token)\r\n\r\n"
            for isCut in [false, true] {
                try await RawClient.with(port: client.port) { raw in
                    try await raw.send(head + String(body.dropLast()))
                    while traffic.uploads != 1 {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                    guard isCut else {
                        try await raw.send("}")
                        #expect(await raw.read(until: "updatedAt").hasPrefix("HTTP/1.1 202 "))
                        return #expect(traffic.uploads == 0)
                    }
                    let later = NIODeadline.now() + .hours(1)
                    traffic.begin(Upload(since: later, received: 0) {}, at: later)
                    #expect(await raw.readToEnd().hasPrefix("HTTP/1.1 408 "))
                }
            }
        }
    }

    @Test("Bodies beyond the bytes that may be held are 503")
    func inFlight() async throws {
        let gateway = Gateway(memory: 40)
        try await gateway.with(.live) { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt())
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(try await client.send(.post, "/v1/prompts", "{}").status == 400)
        }
        #expect(try await gateway.isEmpty)
    }

    @Test(
        "A long poll ends when its caller stops sending, and who still listens gets what is known",
        .timeLimit(.minutes(1))
    )
    func hangup() async throws {
        let answer = try await connecting(running: true) { client, raw in
            let id = try await client.post("hold-1")
            let head = "GET /v1/prompts/\(id) HTTP/1.1\r\nHost: a\r\nPrefer: wait=3600\r\n"
            try await raw.send(head + "Authorization: Bearer \(client.token)\r\n\r\n")
            raw.outbound.finish()
            return await raw.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 202 "))
    }
}
