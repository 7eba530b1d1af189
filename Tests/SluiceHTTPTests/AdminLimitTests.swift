import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite("Limits, as operators set them")
struct AdminLimitTests {
    private let gateway = Gateway()

    private var api: AdminAPI {
        AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: gateway.engine,
            engine: nil,
            reload: nil,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now(), address: { "" }),
            now: { .now() }
        )
    }

    private func ask(_ path: String, _ body: String? = nil) async throws -> (status: Int, root: JSONValue) {
        let reply = await api.respond(
            AdminRequest(
                method: body == nil ? "GET" : "POST",
                path: ["admin", "v1"] + path.split(separator: "/").map(String.init),
                body: Array((body ?? "").utf8)
            )
        )
        return (reply.status, try Document(reply.body).root)
    }

    @Test("are set, changed one by one, shown and taken away")
    func changed() async throws {
        _ = try await gateway.tokens.create(TokenOrder(name: "ada"), actor: "test")
        #expect(try await ask("owners/ada/limits").root[key: "limits"]?.isNull == true)
        let set = try await ask("owners/ada/limits", #"{"rpm": 60, "budget": "20.5", "per": "7d", "strict": true}"#)
            .root
        #expect(set[key: "limits"]?[key: "rpm"]?.integer == 60)
        #expect(set[key: "limits"]?[key: "budget"]?.string == "20.5")
        #expect(set[key: "limits"]?[key: "per"]?.string == "7d")
        #expect(set[key: "left"]?.string == "20.5")
        _ = try await ask("owners/ada/limits", #"{"rpm": null, "unpriced": "hold 0.5", "dryRun": ["budget"]}"#)
        let shown = try await ask("owners/ada/limits").root
        #expect(shown[key: "limits"]?[key: "rpm"]?.isNull == true)
        #expect(shown[key: "limits"]?[key: "strict"]?.boolean == true)
        #expect(shown[key: "limits"]?[key: "unpriced"]?.string == "hold 0.5")
        #expect(shown[key: "limits"]?[key: "dryRun"]?[0]?.string == "budget")
        #expect(try await ask("owners/ada/limits", #"{"none": true}"#).root[key: "limits"]?.isNull == true)
        #expect(try await gateway.store.audit(AuditQuery(action: "set", limit: 9)).count == 3)
    }

    @Test(
        "that can't be are refused, with what is wrong",
        arguments: [
            (#"{"rpm": -1}"#, "rpm"), (#"{"rpm": 0}"#, "rpm"), (#"{"rpm": 1e3}"#, "rpm"),
            (#"{"atOnce": -1}"#, "atOnce"),
            (#"{"budget": "-5"}"#, "budget"), (#"{"budget": "0"}"#, "budget"), (#"{"budget": "1e30"}"#, "budget"),
            (#"{"budget": "a lot"}"#, "budget"), (#"{"budget": 5}"#, "budget"), (#"{"per": "month"}"#, "per"),
            (#"{"budget": "5", "per": "week"}"#, "per"), (#"{"strict": true}"#, "strict"),
            (#"{"budget": null, "per": "day"}"#, "per"), (#"{"unpriced": "perhaps"}"#, "unpriced"),
            (#"{"unpriced": "hold -1"}"#, "unpriced"), (#"{"dryRun": ["speed"]}"#, "dryRun"), (#"{"rps": 1}"#, "rps"),
            (#"[]"#, ""),
        ]
    )
    func refused(body: String, name: String) async throws {
        _ = try await gateway.tokens.create(TokenOrder(name: "ada"), actor: "test")
        let (status, root) = try await ask("owners/ada/limits", body)
        #expect(status == 400)
        #expect(root[key: "errors"]?.elements.contains { $0[key: "pointer"]?.string?.contains(name) == true } == true)
        #expect(try await gateway.store.limits().isEmpty)
    }

    @Test("of a token that are wider than its owner's are taken, and that is said")
    func wider() async throws {
        let issued = try await gateway.tokens.create(TokenOrder(name: "ada"), actor: "test")
        let id = issued.record.id.rawValue
        _ = try await ask("owners/ada/limits", #"{"rpm": 10}"#)
        let set = try await ask("tokens/\(id)/limits", #"{"rpm": 60}"#).root
        #expect(set[key: "notes"]?[0]?.string?.contains("wider than its owner's") == true)
        #expect(try await ask("tokens/\(id)/limits", #"{"rpm": 5}"#).root[key: "notes"]?.elements.isEmpty == true)
        #expect(try await ask("tokens/nobody12/limits", #"{"rpm": 5}"#).status == 404)
        #expect(try await ask("owners/nobody/limits", #"{"rpm": 5}"#).status == 404)
    }
}
