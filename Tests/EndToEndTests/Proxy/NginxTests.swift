import LoopbackProvider
import SluiceJSON
import Testing

@Suite(
    "Behind nginx",
    .timeLimit(.minutes(3)),
    // Each looks for a free port.
    .serialized,
    .enabled(if: Nginx.isInstalled, Comment(rawValue: Nginx.missing))
)
struct NginxTests {
    /// What an answer says in nginx's own name.
    private static let server = "nginx"

    /// A plain call as bytes, so that what its connection is meant for is said.
    private static func plainCall(_ stand: SDKStand, connection: String? = nil) -> [UInt8] {
        let body = SDKStand.chat("gpt-hello", isStream: false)
        let fields = [
            "POST /v1/chat/completions HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer \(stand.token)",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let all = fields + (connection.map { ["Connection: \($0)"] } ?? [])
        return Array((all.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    @Test("a plain call is answered byte for byte, one after the other on the connections that nginx keeps")
    func plain() async throws {
        let stand = try await SDKStand()
        let nginx = try await Nginx(before: try stand.needGateway())
        let (port, token) = (nginx.port, stand.token)
        for _ in 0..<3 {
            let seen = try await Blocking.run {
                try OpenAICall(SDKStand.chat("gpt-odd", isStream: false), port: port, token: token).readAll()
            }
            #expect(seen.head.status == 200 && seen.isWhole)
            #expect(seen.head["Server"]?.hasPrefix(Self.server) == true)
            #expect(seen.head["x-sluice-job"] != nil)
            #expect(String(decoding: seen.body, as: UTF8.self) == SDKProvider.odd)
        }
        #expect(stand.provider.requests.count == 3)
    }

    @Test(
        "whoever shows no good token keeps nobody else out, where nginx is believed; and where it is not, all are one"
    )
    func callers() async throws {
        for isTrusted in [true, false] {
            let home = try Home()
            let arguments = ["--access-log"] + (isTrusted ? ["--trusted-proxies", "127.0.0.1,::1"] : [])
            let gateway = try await Gateway.start(in: home, arguments)
            let token = try await gateway.token()
            let nginx = try await Nginx(
                before: gateway,
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
            )
            func status(of address: String, _ token: String) async throws -> Int {
                let fields = [
                    "GET /v1/models HTTP/1.1", "Host: a", "Connection: close", "X-Forwarded-For: \(address)",
                    "Authorization: Bearer \(token)",
                ]
                let port = nginx.port
                return try await Blocking.run {
                    let connection = try RawConnection(port: port)
                    connection.send(Array((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8))
                    return try connection.answer().status
                }
            }
            var last = 0
            for _ in 0..<12 { last = try await status(of: "1.2.3.4, 203.0.113.5", "slc_wrong") }
            #expect(last == 429)
            #expect(try await status(of: "203.0.113.6", "slc_typo") == (isTrusted ? 401 : 429))
            #expect(try await status(of: "203.0.113.5", token) == 200)
            #expect(await gateway.stop() == 0)
            #expect(gateway.log.contains("address=203.0.113.5") == isTrusted)
            #expect(!gateway.log.contains("address=1.2.3.4"))
        }
    }

    @Test("below a path of its own, whether nginx takes that off or not")
    func basePath() async throws {
        let gateway = try await Gateway.start(in: try Home(), ["--base-path", "/llm"])
        let token = try await gateway.token()
        let nginx = try await Nginx(before: gateway, "rewrite ^/llm/(v1/prompts.*)$ /$1 break;")
        let body = #"{"type":"chat","model":"stub-echo","prompt":"Hi"}"#
        let fields = [
            "POST /llm/v1/prompts HTTP/1.1", "Host: a", "Connection: close", "Authorization: Bearer \(token)",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let port = nginx.port
        let taken = try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(Array((fields.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
            return try connection.answer()
        }
        let place = try #require(taken["Location"])
        #expect(taken.status == 202 && place.hasPrefix("/llm/v1/prompts/"))
        // What nginx left as it was, and what it took off.
        for path in [place, String(place.dropFirst(4)), "/llm/v1/models", "/v1/models", "/llm/healthz"] {
            #expect(try await gateway.send("GET", path, token: token).status == 200, "\(path)")
        }
        // Errors come in the envelope of the path below.
        let lost = try await gateway.send("POST", "/llm/v1/messages/nothing", token: token, body: "{}")
        let type = try lost.json()[key: "type"]?.string
        #expect(lost.status == 404 && type == "error")
        #expect(lost.text.contains("/llm"))
        #expect(try await gateway.send("GET", "/llmx/v1/models", token: token).status == 404)
        #expect(await gateway.stop() == 0)
    }

    @Test("a stream comes piece by piece, and is whole in the end")
    func stream() async throws {
        let gate = Gate()
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two"], gates: [1: gate]) }
        let nginx = try await Nginx(before: try stand.needGateway())
        let (port, token) = (nginx.port, stand.token)
        let (first, all) = try await Blocking.run {
            let call = try OpenAICall(SDKStand.chat("gpt-hello"), port: port, token: token)
            // Hangs, and fails by the time limit, where nginx keeps it until there is more.
            let first = try call.read { $0.text == "One " || $0.head.status != 200 }
            gate.open()
            return (first, try call.readAll())
        }
        #expect(first.text == "One " && !first.hasFinished && !first.isDone)
        #expect(all.text == "One two" && all.hasFinished && all.isDone && all.isWhole)
        #expect(all.head["Server"]?.hasPrefix(Self.server) == true)
    }

    @Test("the events of a prompt come as they happen, and from any of them on")
    func events() async throws {
        let gate = Gate()
        let stand = try await SDKStand { _, _ in .chatStream(["One ", "two"], gates: [1: gate]) }
        let gateway = try stand.needGateway()
        let nginx = try await Nginx(before: gateway)
        let (port, token) = (nginx.port, stand.token)
        let id = try await gateway.prompt(model: "gpt-hello", token: token)
        let path = "/v1/prompts/\(id)/events"
        let (first, all) = try await Blocking.run {
            let call = try OpenAICall(nil, port: port, token: token, path: path)
            let first = try call.read { $0.events.contains { $0.name == "delta" } || $0.head.status != 200 }
            gate.open()
            return (first, try call.readAll())
        }
        #expect(first.events.map(\.name) == ["attempt", "delta"])
        #expect(all.events.first?.name == "attempt" && all.events.last?.name == "end" && all.isWhole)
        let rest = try await Blocking.run {
            try OpenAICall(nil, port: port, token: token, path: path, headers: ["Last-Event-ID": "1.0"]).readAll()
        }
        #expect(!rest.events.contains { $0.name == "attempt" } && rest.events.last == all.events.last)
    }

    @Test("a plain call whose caller hangs up leaves no call to the provider running")
    func hangUp() async throws {
        let stand = try await SDKStand { _, _ in .silence }
        let nginx = try await Nginx(before: try stand.needGateway())
        let (port, call) = (nginx.port, Self.plainCall(stand))
        var connection: RawConnection? = try RawConnection(port: port)
        connection?.send(call)
        _ = await stand.provider.requests(atLeast: 1)
        let request = try #require(stand.provider.requests.first)
        #expect(!stand.provider.isClosed(connection: request.connection))
        // Not earlier: the last use is here.
        withExtendedLifetime(connection) {}
        connection = nil
        // Hangs, and fails by the time limit, where the call goes on.
        await stand.provider.closed(connection: request.connection)
        try Task.checkCancellation()
        #expect(stand.provider.requests.count == 1)
    }

    @Test("a caller who ends its sending is taken by nginx for one who has left")
    func halfClose() async throws {
        let stand = try await SDKStand { _, _ in .silence }
        let nginx = try await Nginx(before: try stand.needGateway())
        let (port, call) = (nginx.port, Self.plainCall(stand, connection: "close"))
        let isClosed = try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(call)
            connection.endSending()
            return try connection.isClosedByPeer()
        }
        #expect(isClosed)
        #expect(await nginx.logs("client prematurely closed connection") != nil)
    }

    @Test("a caller who ends its sending is answered where nginx is told to ignore that")
    func halfCloseIgnored() async throws {
        let gate = Gate()
        let stand = try await SDKStand { _, _ in .hold(until: gate, then: .chat(text: "Hello!")) }
        let nginx = try await Nginx(before: try stand.needGateway(), "proxy_ignore_client_abort on;")
        let (port, call) = (nginx.port, Self.plainCall(stand, connection: "close"))
        let hasEnded = Gate()
        async let answered = Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(call)
            connection.endSending()
            hasEnded.open()
            return try connection.answer()
        }
        // nginx has the end of sending before it has the answer.
        await hasEnded.wait()
        _ = await stand.provider.requests(atLeast: 1)
        gate.open()
        let answer = try await answered
        #expect(answer.status == 200 && answer.text.contains("Hello!"))
        #expect(stand.provider.requests.count == 1)
    }
}
