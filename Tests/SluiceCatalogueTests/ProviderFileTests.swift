import Foundation
import SluiceCatalogue
import SluiceProvider
import SluiceTypes
import Testing

@Suite("providers.json")
struct ProviderFileTests {
    private func parse(_ text: String, _ environment: [String: String] = [:]) async throws -> Catalogue {
        try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: environment)
    }

    private func row(_ members: String, _ environment: [String: String] = [:]) async throws -> ProviderRow {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m-*", "n"],
             "baseURL": "https://h.example/v1" \(members)}]}
            """
        return try #require(try await parse(text, environment).rows.first)
    }

    @Test("of the repository is read, without keys and with them")
    func shipped() async throws {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/providers.json"
        let rows = try await ProviderFile.read(path: path, adapters: adapters, environment: [:]).rows
        #expect(rows.map(\.name) == ["stub", "openai", "openai-completion", "openai-embedding"])
        #expect(rows[0].unavailable == nil && rows[0].endpoint == nil)
        #expect(rows[0].operations == [.chat, .completion, .embedding] && rows[3].operations == [.embedding])
        #expect(rows[3].endpoint?.answerLimit == 32 << 20)
        #expect(rows[1].unavailable?.hasPrefix("OPENAI_API_KEY is not set; ") == true)
        #expect(rows[1].parameters.rename == [.init(from: "max_tokens", to: "max_completion_tokens")])
        #expect(rows[1].models.map(\.text) == ["gpt-*", "o1*", "o3*", "o4*"])
        let withKey = try await ProviderFile.read(path: path, adapters: adapters, environment: ["OPENAI_API_KEY": "k"])
        #expect(withKey.rows.allSatisfy { $0.unavailable == nil })
        #expect(withKey.rows[1].credentials == [Credential(slot: "env:OPENAI_API_KEY", secret: Secret("k"))])
    }

    @Test("gives a row its defaults")
    func defaults() async throws {
        let row = try await row("")
        #expect(row.endpoint == Endpoint(baseURL: "https://h.example/v1"))
        #expect(row.operations == [.chat] && row.adapterID == "openai-chat" && row.adapter is FakeAdapter)
        #expect(row.concurrency == nil && row.priority == 0 && row.weight == 1)
        #expect(row.credentials.isEmpty && row.unavailable == nil && row.parameters == Parameters())
    }

    @Test("lets one row serve several types, and all of its adapter's where it names none")
    func types() async throws {
        for (adapter, type, operations) in [
            ("openai", #", "type": ["chat", "embedding"]"#, [.chat, .embedding]),
            ("openai", "", [.chat, .completion, .embedding]),
            ("openai", #", "type": "completion""#, [.completion]), ("openai-chat", "", [.chat]),
        ] as [(String, String, Set<SluiceTypes.Operation>)] {
            let text = """
                {"version": 1, "providers": [{"name": "a", "adapter": "\(adapter)" \(type), "models": ["m-*"],
                 "baseURL": "https://h.example/v1", "credential": {"env": "KEY"}}]}
                """
            let rows = try await parse(text, ["KEY": "k"]).rows
            #expect(rows.map(\.operations) == [operations], "\(adapter) \(type)")
            #expect(rows.map(\.credentials.count) == [1])
        }
    }

    @Test("gives a row all that it says")
    func everything() async throws {
        let row = try await row(
            """
            , "listed": ["m-1", "n"], "modelMap": {"m-1": "up-1"}, "headers": {"X-Team": "blue"}, "query": {"v": "1"},
            "parameters": {"default": {"temperature": 0.20}, "min": {"n": 1}, "max": {"n": 1E2}, "drop": ["seed"]},
            "concurrency": 3, "timeoutSeconds": 0.5, "connectSeconds": 1, "firstByteSeconds": 2, "idleSeconds": 3,
            "priority": 2, "weight": 9, "allowPlainHTTP": true, "allowPrivate": true, "http": "2",
            "answerLimitBytes": 100, "settings": {}
            """
        )
        #expect(row.listed == ["m-1", "n"] && row.modelMap == ["m-1": "up-1"])
        #expect(row.endpoint?.headers == [HeaderField("X-Team", "blue")])
        #expect(row.endpoint?.query == [HeaderField("v", "1")])
        #expect(row.endpoint?.policy == EndpointPolicy(allowPlainHTTP: true, allowPrivate: true, http2: true))
        let timeouts = CallTimeouts(
            connect: .seconds(1),
            firstByte: .seconds(2),
            idle: .seconds(3),
            total: .seconds(0.5)
        )
        #expect(row.endpoint?.timeouts == timeouts)
        #expect(row.endpoint?.answerLimit == 100 && row.concurrency == 3 && row.priority == 2 && row.weight == 9)
        #expect(row.parameters.defaults == [.init("temperature", Array("0.20".utf8))])
        #expect(row.parameters.maximums == [.init("n", Array("1E2".utf8))])
        #expect(row.parameters.minimums == [.init("n", Array("1".utf8))] && row.parameters.drop == ["seed"])
    }

    @Test(
        "takes these addresses",
        arguments: [
            ("https://h.example/v1/", "https://h.example/v1"), ("HTTPS://H.example", "https://h.example"),
            ("https://h.example:8443/a/B//", "https://h.example:8443/a/B"),
            ("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1"),
            ("http://[::1]:8080", "http://[::1]:8080"), ("http://localhost", "http://localhost"),
            ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"), ("https://172.32.0.1", "https://172.32.0.1"),
            ("https://100.128.0.1", "https://100.128.0.1"), ("https://fd00.example", "https://fd00.example"),
        ]
    )
    func addresses(given: String, expected: String) async throws {
        let text =
            #"{"version":1,"providers":[{"name":"a","adapter":"openai-chat","type":"chat","models":["m"],"baseURL":"\#(given)"}]}"#
        #expect(try await parse(text).rows.first?.endpoint?.baseURL == expected)
    }

    @Test("takes private addresses where they are allowed", arguments: ["10.0.0.1", "169.254.169.254", "[fd00::1]"])
    func privateAddresses(host: String) async throws {
        let text =
            #"{"version":1,"providers":[{"name":"a","adapter":"openai-chat","type":"chat","models":["m"],"baseURL":"https://\#(host)","allowPrivate":true}]}"#
        #expect(try await parse(text).rows.first?.endpoint?.baseURL == "https://\(host)")
    }

    @Test("keeps a row's text and its hash, which changes with it")
    func configuration() async throws {
        let text = #"{"version":1,"providers":[ {"name":"a", "adapter":"stub","type":"chat","models":["m"]} ]}"#
        let row = try #require(try await parse(text).rows.first)
        let expected = #"{"name":"a", "adapter":"stub","type":"chat","models":["m"]}"#
        #expect(String(decoding: row.configuration, as: UTF8.self) == expected)
        // printf %s '…' | sha256sum
        #expect(row.configurationHash == "6db84da0d38fdab56f7ecac0f79809c098a468b52fea8f2dbfb35c51f91cb173")
    }

    @Test("takes a second credential when the first is missing, and names all when all are")
    func credentialLists() async throws {
        let list = #", "credential": [{"env": "ONE"}, {"env": "TWO"}]"#
        let some = try await row(list, ["TWO": "key"])
        #expect(some.unavailable == nil)
        #expect(some.credentials.map(\.slot) == ["env:ONE", "env:TWO"])
        #expect(some.credentials.map { $0.secret != nil } == [false, true])
        let none = try await row(list, ["ONE": ""])
        #expect(
            none.unavailable?.contains("ONE is empty") == true && none.unavailable?.contains("TWO is not set") == true
        )
    }

    @Test(
        "says what helps where a key is missing: a gateway's reader another thing than a command's",
        arguments: [
            (
                CredentialRemedy.gateway, "ONE is not set; set it and start the gateway again",
                "`sluice provider reload`"
            ),
            (.command, "ONE is not set; set it and try again", "put the key there and try again"),
        ]
    )
    func remedies(_ remedy: CredentialRemedy, variable: String, file: String) async throws {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "models": ["m"], "baseURL": "https://h",
             "credential": [{"env": "ONE"}, {"file": "/nowhere/key"}]}]}
            """
        let rows = try await ProviderFile.parse(
            Array(text.utf8),
            name: "p.json",
            adapters: adapters,
            environment: [:],
            remedy: remedy
        ).rows
        #expect(rows[0].credentials[0].problem == variable)
        #expect(rows[0].credentials[1].problem?.hasSuffix(file) == true)
    }

    @Test("reads key files without their last line end, and again each time")
    func keyFiles() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "providers.json")
        let text =
            #"{"version":1,"providers":[{"name":"a","adapter":"openai-chat","type":"chat","models":["m"],"baseURL":"https://h","credential":{"file":"key"}}]}"#
        try Data(text.utf8).write(to: file)
        func read() async throws -> ProviderRow {
            try #require(try await ProviderFile.read(path: file.path, adapters: adapters, environment: [:]).rows.first)
        }
        #expect(try await read().unavailable?.contains("there is no such file") == true)
        #expect(try await read().credentials.first?.slot == "file:key")
        for (content, expected) in [("one\r\n", Secret("one")), ("two", Secret("two")), (" three ", Secret(" three "))]
        {
            try Data(content.utf8).write(to: folder.appending(path: "key"))
            #expect(try await read().credentials.first?.secret == expected)
        }
        for (content, problem) in [("\n", "is empty"), ("a\nb", "a line break"), ("k\u{e9}y", "no header can carry")] {
            try Data(content.utf8).write(to: folder.appending(path: "key"))
            #expect(try await read().unavailable?.contains(problem) == true)
        }
        try FileManager.default.removeItem(at: folder.appending(path: "key"))
        try FileManager.default.createDirectory(at: folder.appending(path: "key"), withIntermediateDirectories: false)
        #expect(try await read().unavailable?.contains("not a regular file") == true)
    }

    @Test(
        "that is absent, a folder, or a device is a clear error",
        arguments: ["/nowhere/p.json", "/tmp", "/dev/zero"]
    )
    func unreadable(path: String) async {
        let error = await #expect(throws: ProviderFileError.self) {
            try await ProviderFile.read(path: path, adapters: adapters, environment: [:])
        }
        #expect(error?.description.hasPrefix("\(path): can't be read: ") == true)
    }
}
