import SluiceCatalogue
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Where a row's credential goes")
struct AuthTests {
    private func parse(_ members: String) async throws(ProviderFileError) -> ProviderRow? {
        let text = #"""
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h/v1", "credential": {"env": "KEY"}, \#(members)}]}
            """#
        return try await ProviderFile.parse(
            Array(text.utf8),
            name: "p.json",
            adapters: adapters,
            environment: ["KEY": "k1", "OTHER": "k2"]
        ).rows.first
    }

    @Test(
        "is the row's to say",
        arguments: [
            (#""priority": 0"#, .standard), (#""auth": {"header": "api-key"}"#, .header(name: "api-key", prefix: "")),
            (
                #""auth": {"header": "Authorization", "prefix": "Bearer "}"#,
                .header(name: "Authorization", prefix: "Bearer ")
            ), (#""auth": {"query": "key"}"#, .query(name: "key")),
        ] as [(String, CredentialPlace)]
    )
    func auth(members: String, expected: CredentialPlace) async throws {
        #expect(try await parse(members)?.endpoint?.auth == expected)
    }

    @Test("reaches the call, and no URL that is shown", arguments: ["header", "query"])
    func call(way: String) async throws {
        let row = try #require(try await parse(#""auth": {"\#(way)": "x-key"}, "query": {"v": "1"}"#))
        let endpoint = try #require(row.endpoint)
        let call = HTTPCall(
            method: "POST",
            path: "/chat",
            headers: [],
            body: [],
            authorization: .header(name: "Authorization", prefix: "Bearer ")
        )
        let outgoing = try #require(OutgoingCall(call, to: endpoint, secret: Secret("k1")))
        #expect(outgoing.url == "https://h/v1/chat?v=1")
        #expect(
            outgoing.secretHeader
                == (way == "header" ? SecretHeader(name: "x-key", prefix: "", secret: Secret("k1")) : nil)
        )
        #expect(outgoing.secretQuery == (way == "query" ? SecretQuery(name: "x-key", secret: Secret("k1")) : nil))
    }

    @Test("may be several fields, and a row that lacks one of them is unavailable")
    func secretHeaders() async throws {
        let row = try await parse(#""secretHeaders": {"cf-aig-authorization": {"env": "OTHER", "prefix": "Bearer "}}"#)
        let expected = SecretHeader(name: "cf-aig-authorization", prefix: "Bearer ", secret: Secret("k2"))
        #expect(row?.endpoint?.secretHeaders == [expected])
        #expect(row?.unavailable == nil)
        let lacking = try await parse(#""secretHeaders": {"x-more": {"env": "MISSING"}}"#)
        #expect(lacking?.unavailable?.contains("MISSING is not set") == true)
    }

    @Test(
        "that can't be is refused with what is allowed",
        arguments: [
            (#""auth": {"header": "Transfer-Encoding"}"#, "/auth/header", "writes that itself"),
            (#""auth": {"header": "content-md5"}"#, "/auth/header", "writes that itself"),
            (#""auth": {"header": "Proxy-Authorization"}"#, "/auth/header", "writes that itself"),
            (#""auth": {"header": "a b"}"#, "/auth/header", "no header's name"),
            (#""auth": {"header": "a", "query": "b"}"#, "/auth", "one of"), (#""auth": {}"#, "/auth", "one of"),
            (#""auth": {"signer": "aws"}"#, "/auth/signer", "no signer"), (#""auth": "api-key""#, "/auth", "object"),
            (#""auth": {"query": "a b"}"#, "/auth/query", "without spaces"),
            (#""auth": {"query": "a", "prefix": "b"}"#, "/auth/query", "takes no"),
            (#""secretHeaders": {"Authorization": {"env": "OTHER"}}"#, "/secretHeaders/Authorization", "already"),
            (#""headers": {"x-a": "1"}, "secretHeaders": {"X-A": {"env": "OTHER"}}"#, "/secretHeaders/X-A", "already"),
            (#""secretHeaders": {"Host": {"env": "OTHER"}}"#, "/secretHeaders/Host", "writes that itself"),
            (#""secretHeaders": {"x-a": "secret"}"#, "/secretHeaders/x-a", "must not hold the secret"),
            (#""notSecret": ["/credential"]"#, "/notSecret/0", "of a credential"),
            (#""notSecret": ["/nowhere"]"#, "/notSecret/0", "JSON pointer"),
            (#""notSecret": [7]"#, "/notSecret/0", "pointer"),
        ]
    )
    func faults(members: String, pointer: String, words: String) async {
        do throws(ProviderFileError) {
            _ = try await parse(members)
            Issue.record("\(members) was taken")
        } catch {
            let found = error.faults.contains { $0.pointer.hasSuffix(pointer) && $0.message.contains(words) }
            #expect(found, "\(error.faults)")
        }
    }

    @Test(
        "is told from what only looks like a secret: numbers of accounts in addresses, hashes in models' names, and what the row says",
        arguments: [
            #""baseURL": "https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/v1""#,
            #""baseURL": "https://0123456789abcdef0123456789abcdef.example.net""#,
            #""models": ["ft:0123456789abcdef0123456789abcdef"]"#,
            #""headers": {"x-id": "0123456789abcdef0123456789abcdef"}, "notSecret": ["/headers/x-id"]"#,
            #""headers": {"x-token": "team-a"}, "notSecret": ["/headers/x-token"]"#,
        ]
    )
    func lookAlikes(members: String) async throws {
        var row = [
            "name": "\"a\"", "adapter": "\"openai-chat\"", "type": "\"chat\"", "models": "[\"m\"]",
            "baseURL": "\"https://h\"",
        ]
        for name in row.keys where members.contains("\"\(name)\":") { row[name] = nil }
        let rest = row.map { ", \"\($0.key)\": \($0.value)" }.sorted().joined()
        let text = "{\"version\": 1, \"providers\": [{\(members)\(rest)}]}"
        let catalogue = try await ProviderFile.parse(Array(text.utf8), name: "p", adapters: adapters, environment: [:])
        #expect(catalogue.rows.count == 1)
        // What begins like a known key is one, wherever it stands.
        let worse = text.replacing("0123456789abcdef0123456789abcdef", with: "sk-0123456789abcdef")
        guard worse != text else { return }
        await #expect(throws: ProviderFileError.self) {
            try await ProviderFile.parse(Array(worse.utf8), name: "p", adapters: adapters, environment: [:])
        }
    }
}
