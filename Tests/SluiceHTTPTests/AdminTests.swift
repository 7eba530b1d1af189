import Foundation
import HTTPTypes
import ServiceLifecycle
import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Synchronization
import Testing

@Suite
struct AdminTests {
    private let gateway = Gateway()

    private func api(offline: Bool = false, reload: (@Sendable () async -> ReloadOutcome)? = nil) -> AdminAPI {
        AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: offline ? OfflineJobs(store: gateway.store, now: { .now() }) : gateway.engine,
            engine: offline ? nil : gateway.engine,
            reload: reload,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now(), address: { "127.0.0.1:1" }),
            now: { .now() }
        )
    }

    private func ask(
        _ api: AdminAPI,
        _ method: String,
        _ path: String,
        _ body: String = "",
        query: [String: String] = [:],
        headers: [String: String] = ["x-sluice-cli": "0.1.0"]
    ) async throws -> (status: Int, root: JSONValue) {
        let request = AdminRequest(
            method: method,
            path: ("admin/v1" + path).split(separator: "/").map(String.init),
            query: query,
            headers: headers,
            body: Array(body.utf8)
        )
        let reply = await api.respond(request)
        return (reply.status, try Document(reply.body).root)
    }

    @Test("A token is made, listed, shown, rotated and revoked, with a server and without", arguments: [true, false])
    func tokens(offline: Bool) async throws {
        let api = api(offline: offline)
        let made = try await ask(api, "POST", "/tokens", #"{"name":"shop","types":["chat"],"scopes":["jobs:read"]}"#)
        #expect(made.status == 201)
        let text = try #require(made.root[key: "token"]?.string)
        let record = try #require(made.root[key: "record"])
        #expect(
            record.members.map(\.key) == [
                "id", "owner", "name", "scopes", "types", "models", "tag", "imported", "createdAt", "expiresAt",
                "lastUsedAt", "replacedBy", "revokedAt", "ownerDisabled", "status",
            ]
        )
        let id = try #require(record[key: "id"]?.string)
        #expect(record[key: "owner"]?[key: "name"]?.string == "shop")
        #expect(record[key: "status"]?.string == "active")
        let shown = try await ask(api, "GET", "/tokens/\(id)")
        #expect(shown.root[key: "types"]?[0]?.string == "chat")
        let rotated = try await ask(api, "POST", "/tokens/\(id)/rotate", #"{"graceSeconds":60}"#)
        #expect(rotated.status == 201)
        let next = try #require(rotated.root[key: "record"]?[key: "id"]?.string)
        #expect(rotated.root[key: "replaced"]?[key: "replacedBy"]?.string == next)
        #expect(rotated.root[key: "replaced"]?[key: "status"]?.string == "rotated")
        let revoked = try await ask(api, "POST", "/tokens/\(next)/revoke")
        #expect(revoked.root[key: "status"]?.string == "revoked")
        // Those that have ended are shown where they are asked for.
        let living = try await ask(api, "GET", "/tokens", query: ["owner": "shop"])
        #expect(living.root[key: "tokens"]?.elements.map { $0[key: "id"]?.string } == [id])
        let list = try await ask(api, "GET", "/tokens", query: ["owner": "shop", "all": "true"])
        #expect(list.root[key: "tokens"]?.elements.count == 2)
        #expect(!String(decoding: list.root.bytes, as: UTF8.self).contains(text))
        let owner = try await ask(api, "GET", "/owners/shop")
        #expect(owner.root[key: "tokenRecords"]?.elements.count == 2)
        #expect(try await ask(api, "GET", "/owners").root[key: "owners"]?[0]?[key: "tokens"]?.integer == 2)
        let audit = try await ask(api, "GET", "/audit", query: ["action": "rotate"])
        #expect(audit.root[key: "entries"]?.elements.count == 1)
        #expect(audit.root[key: "entries"]?[0]?[key: "subject"]?.string == id)
    }

    @Test("A token's text is shown even when nothing can be read any more once it is made")
    func onlyShowing() async throws {
        let api = api()
        let trouble = StoreError(.unavailable, "away")
        gateway.store.set(outage: .refusingAfterAudit(trouble))
        let made = try await ask(api, "POST", "/tokens", #"{"name":"shop"}"#)
        gateway.store.set(outage: .refusingAfterAudit(trouble))
        let id = try #require(made.root[key: "record"]?[key: "id"]?.string)
        let rotated = try await ask(api, "POST", "/tokens/\(id)/rotate", #"{"graceSeconds":60}"#)
        gateway.store.set(outage: nil)
        for answer in [made, rotated] {
            #expect(answer.status == 201)
            #expect(answer.root[key: "token"]?.string?.hasPrefix("slc_") == true)
            #expect(answer.root[key: "record"]?[key: "owner"]?[key: "name"]?.string == "shop")
        }
        let shown = try await ask(api, "GET", "/tokens/\(id)")
        #expect(rotated.root[key: "replaced"].map { Array($0.bytes) } == Array(shown.root.bytes))
    }

    @Test("Without an end, a token has none; without a word it has 90 days")
    func lifetimes() async throws {
        let api = api()
        let never = try await ask(api, "POST", "/tokens", #"{"name":"a","expiresSeconds":0}"#)
        #expect(never.root[key: "record"]?[key: "expiresAt"]?.isNull == true)
        let standard = try await ask(api, "POST", "/tokens", #"{"name":"b"}"#)
        #expect(standard.root[key: "record"]?[key: "expiresAt"]?.string != nil)
    }

    @Test("What is refused has a status and a sentence")
    func refusals() async throws {
        let api = api()
        _ = try await ask(api, "POST", "/tokens", #"{"name":"shop"}"#)
        let job = JobID.generate(at: .now())
        let cases: [(String, String, String, Int, String)] = [
            ("POST", "/tokens", #"{"name":"shop"}"#, 409, "--owner shop"),
            ("POST", "/tokens", #"{"name":"x","owner":"nobody"}"#, 404, "nobody"),
            ("POST", "/tokens", #"{"name":"x","scopes":["jobs:reed"]}"#, 400, "did you mean `jobs:read`?"),
            ("POST", "/tokens", #"{"nam":"x"}"#, 400, "did you mean `name`?"),
            ("POST", "/tokens", "{", 400, "JSON"),
            ("POST", "/tokens/import", #"{"name":"x","token":"short"}"#, 400, "32 to 512"),
            ("POST", "/tokens/import", #"{"name":"x"}"#, 400, "/token"),
            ("GET", "/tokens/import", "", 405, "POST"),
            ("GET", "/tokens/00000000", "", 404, "00000000"),
            ("POST", "/tokens/00000000/rotate", "", 404, "00000000"),
            ("POST", "/tokens/00000000/rotate", #"{"graceSeconds":604801}"#, 400, "604800"),
            ("POST", "/tokens/00000000/revoke", "", 404, "00000000"),
            ("GET", "/owners/nobody", "", 404, "nobody"),
            ("GET", "/jobs/\(job)", "", 404, "job"), ("POST", "/jobs/\(job)/cancel", "", 404, "job"),
            ("POST", "/jobs/\(job)/redrive", "", 404, "job"), ("GET", "/jobs/\(job)/attempts", "", 404, "job"),
            ("DELETE", "/tokens", "", 405, "GET, POST"), ("GET", "/nothing", "", 404, "admin"),
            ("POST", "/providers/reload", "", 409, "sluice serve"),
        ]
        for (method, path, body, status, word) in cases {
            let answer = try await ask(api, method, path, body)
            #expect(answer.status == status, "\(method) \(path)")
            #expect(String(decoding: answer.root.bytes, as: UTF8.self).contains(word), "\(method) \(path)")
        }
    }

    @Test("A command line of another major version is refused with a sentence")
    func version() async throws {
        let old = try await ask(api(), "GET", "/status", headers: ["x-sluice-cli": "1.0.0"])
        #expect(old.status == 400)
        #expect(old.root[key: "detail"]?.string?.contains("1.0.0") == true)
        #expect(try await ask(api(), "GET", "/status", headers: [:]).status == 200)
    }

    @Test("Jobs of all owners are listed with what operators need, cancelled and brought back")
    func jobs() async throws {
        let api = api()
        let id = try await gateway.with(running: true) { client in
            let dead = try await client.send(
                .post,
                "/v1/prompts",
                prompt("error-tokenLimit"),
                .one("Prefer", "wait=60")
            )
            return try dead.field("id") ?? ""
        }
        let list = try await ask(api, "GET", "/jobs", query: ["status": "dead", "owner": "app", "limit": "5"])
        let job = try #require(list.root[key: "jobs"]?[0])
        #expect(job[key: "id"]?.string == id)
        #expect(job[key: "prompt"]?.isNull == true)
        #expect(try await ask(api, "GET", "/jobs/\(id)").root[key: "prompt"]?.string == "Hello?")
        for name in ["owner", "token", "epoch", "failures", "interrupts", "onUnknown", "deadlineAt", "expiresAt"] {
            #expect(job[key: name] != nil, "\(name)")
        }
        let attempts = try await ask(api, "GET", "/jobs/\(id)/attempts")
        #expect(attempts.root[key: "attempts"]?[0]?[key: "credential"] != nil)
        // The row of the test came from no file, so there is none to show.
        #expect(attempts.root[key: "attempts"]?[0]?[key: "row"]?.isNull == true)
        #expect(try await ask(api, "POST", "/jobs/\(id)/cancel").status == 409)
        let wrong = try await ask(api, "POST", "/jobs/\(id)/redrive", #"{"model":"nobody"}"#)
        #expect(wrong.status == 400)
        let redriven = try await ask(api, "POST", "/jobs/\(id)/redrive", #"{"model":"echo-1"}"#)
        #expect(redriven.status == 200)
        #expect(redriven.root[key: "status"]?.string == "queued")
        #expect(redriven.root[key: "model"]?.string == "echo-1")
        #expect(try await ask(api, "POST", "/jobs/\(id)/redrive").status == 409)
        #expect(try await ask(api, "POST", "/jobs/\(id)/cancel").root[key: "status"]?.string == "cancelled")
        let audit = try await ask(api, "GET", "/audit", query: ["limit": "2"])
        let actions = audit.root[key: "entries"]?.elements.compactMap { $0[key: "action"]?.string }
        #expect(actions == ["job.cancel", "job.redrive"])
    }

    @Test("Rows are shown without secrets; a reload tells the rows or every fault of the file")
    func providers() async throws {
        let good = try await ask(api(reload: { .reloaded }), "POST", "/providers/reload")
        #expect(good.status == 200)
        let row = try #require(good.root[key: "rows"]?[1])
        #expect(row[key: "name"]?.string == "keyless")
        #expect(row[key: "available"]?.boolean == false)
        #expect(row[key: "credentials"]?[0]?[key: "slot"]?.string == "env:SOME_KEY")
        let faults = [ReloadFault(pointer: "/providers/0", message: "is wrong", line: 3, column: 5)]
        let bad = try await ask(api(reload: { .refused(faults) }), "POST", "/providers/reload")
        #expect(bad.status == 422)
        #expect(bad.root[key: "errors"]?[0]?[key: "pointer"]?.string == "/providers/0")
        #expect(bad.root[key: "errors"]?[0]?[key: "line"]?.integer == 3)
        #expect(try await ask(api(offline: true), "GET", "/providers").status == 409)
    }

    @Test("The status says what runs and how many jobs there are")
    func status() async throws {
        let answer = try await ask(api(), "GET", "/status")
        #expect(answer.root[key: "pid"]?.integer == 7)
        #expect(answer.root[key: "ready"]?.boolean == false)
        #expect(answer.root[key: "address"]?.string == "127.0.0.1:1")
        #expect(answer.root[key: "jobs"]?[key: "queued"]?.integer == 0)
    }

    @Test("The socket serves the same API, is for its owner alone, and may lie deep", arguments: [false, true])
    func socket(deep: Bool) async throws {
        let manager = FileManager.default
        var folder = manager.temporaryDirectory.appendingPathComponent("sluice-\(UUID().uuidString.prefix(8))")
        let root = folder
        if deep { folder = folder.appendingPathComponent(String(repeating: "d", count: 120)) }
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: root) }
        let path = folder.appendingPathComponent("admin.sock").path
        // What an earlier life left.
        let short = root.appendingPathComponent("a").path
        try manager.createSymbolicLink(atPath: short, withDestinationPath: folder.path)
        let (running, started) = AsyncStream.makeStream(of: Void.self)
        let name = "my app/50% ä"
        _ = try await gateway.token(name)
        let server = AdminServer(path: path, api: api(), logger: gateway.logger) { started.finish() }
        let group = ServiceGroup(services: [server], logger: gateway.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in running {}
            let mode = try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let answer = try await RawClient.with(path: short + "/admin.sock") { raw in
                try await raw.send("GET /admin/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return await raw.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains(#""pid":7"#))
            let owner = try await RawClient.with(path: short + "/admin.sock") { raw in
                let path = "/admin/v1/owners/my%20app%2f50%25%20%C3%A4"
                try await raw.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return await raw.readToEnd()
            }
            #expect(owner.hasPrefix("HTTP/1.1 200 "))
            #expect(owner.contains("\"name\":\"\(name)\""))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(!manager.fileExists(atPath: path))
    }

    @Test("A file that is no socket is not removed, and says so")
    func occupied() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: ServerStartError.self) {
            try await AdminServer(path: path, api: api(), logger: gateway.logger).run()
        }
        #expect(error?.description.contains("is no socket") == true)
        #expect(FileManager.default.fileExists(atPath: path))
    }
}
