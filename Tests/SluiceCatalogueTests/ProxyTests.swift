import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceCatalogue

@Suite("outboundProxy")
struct ProxyTests {
    private static let own = #""outboundProxy": {"url": "http://own.example:3128"}"#

    private func parse(
        file: String = "",
        row: String = "",
        url: String = "https://api.example.com/v1",
        _ environment: [String: String] = [:]
    ) async throws(ProviderFileError) -> ProviderRow? {
        let text = """
            {"version": 1\(file.isEmpty ? "" : ", " + file), "providers": [{"name": "a", "adapter": "openai-chat",
             "type": "chat", "models": ["m"], "baseURL": "\(url)"\(row.isEmpty ? "" : ", " + row)}]}
            """
        return try await ProviderFile.parse(
            Array(text.utf8),
            name: "p.json",
            adapters: adapters,
            environment: environment,
            environmentProxy: environment["HTTPS_PROXY"] == nil ? nil : try EnvironmentProxy(environment)
        ).rows.first
    }

    @Test("of a row goes before the file's, and the file's before the environment's; null is none")
    func order() async throws {
        let file = #""outboundProxy": {"url": "HTTPS://Proxy.example:8443/", "allowPrivate": true}"#
        let environment = ["HTTPS_PROXY": "http://env.example:1"]
        #expect(
            try await parse(file: file, row: Self.own, environment)?.endpoint?.proxy?.url == "http://own.example:3128"
        )
        let ofFile = try await parse(file: file, environment)?.endpoint?.proxy
        #expect(ofFile == OutboundProxy(url: "https://proxy.example:8443", allowPrivate: true))
        #expect(try await parse(environment)?.endpoint?.proxy?.url == "http://env.example:1")
        #expect(try await parse(file: file, row: #""outboundProxy": null"#, environment)?.endpoint?.proxy == nil)
        #expect(try await parse()?.endpoint?.proxy == nil)
        // What is on this machine is called directly.
        #expect(try await parse(file: file, url: "http://127.0.0.1:11434/v1")?.endpoint?.proxy == nil)
    }

    @Test("has its credential by name, and all of it is a secret of the row")
    func credential() async throws {
        let row = #""outboundProxy": {"url": "http://p.example:1", "credential": {"env": "PROXY"}}"#
        let found = try #require(try await parse(row: row, ["PROXY": "anna:secret-word"]))
        #expect(found.endpoint?.proxy?.secret == Secret("anna:secret-word"))
        // The name alone is none: a user called `proxy` would be hidden in every sentence about one.
        #expect(found.endpoint?.proxy?.secrets == [Secret("anna:secret-word"), Secret("secret-word")])
        let nameless = try await parse(row: row, ["PROXY": ":secret-word"])
        #expect(nameless?.endpoint?.proxy?.secrets.last == Secret("secret-word"))
        #expect(Set(found.secrets).isSuperset(of: found.endpoint?.proxy?.secrets ?? []))
        #expect(found.unavailable == nil)
        let missing = try await parse(row: row)
        #expect(missing?.unavailable?.contains("PROXY is not set") == true)
        let half = try await parse(row: row, ["PROXY": "secretword"])
        #expect(half?.unavailable?.contains("with a colon between") == true)
        #expect(half?.unavailable?.contains("secretword") == false)
    }

    @Test(
        "that can't be is refused in words",
        arguments: [
            (#""outboundProxy": "http://p:1""#, "must be an object"), (#""outboundProxy": {}"#, "has no \"url\""),
            (#""outboundProxy": {"url": "socks5://p:1"}"#, "must start with https://"),
            (#""outboundProxy": {"url": "http://u:p@p:1"}"#, "use \"credential\""),
            (#""outboundProxy": {"url": "http://p:1/x"}"#, "must have no path"),
            (#""outboundProxy": {"url": "http://10.0.0.1:1"}"#, "\"allowPrivate\": true allows it"),
            (#""outboundProxy": {"url": "http://p:1", "credential": "x"}"#, "never the secret itself"),
            (#""outboundProxy": {"url": "http://p:1", "noProxy": "x"}"#, "known are"),
            (#""outboundProxy": {"url": "http://p:1"}, "allowPlainHTTP": true"#, "can't stand beside a proxy"),
        ]
    )
    func faults(row: String, words: String) async {
        let error = await #expect(throws: ProviderFileError.self) { try await parse(row: row) }
        let told = error?.faults.map(\.message) ?? []
        // A literal secret has a fault of its own words.
        #expect(told.contains { $0.contains(words) || words.contains("secret") && $0.contains("secret") }, "\(told)")
    }

    @Test(
        "of the environment spares the hosts of NO_PROXY",
        arguments: [
            ("", true), ("*", false), ("api.example.com", false), ("example.com", false), (".example.com", false),
            ("*.example.com", false),
            ("ple.com", true), ("other.com, API.example.com:443", false), ("10.0.0.0", true),
        ]
    )
    func spared(list: String, isProxied: Bool) async throws {
        let environment = ["HTTPS_PROXY": "http://anna:pa%3Ass@env.example:1", "NO_PROXY": list]
        let proxy = try await parse(environment)?.endpoint?.proxy
        #expect((proxy != nil) == isProxied)
        guard isProxied else { return }
        #expect(proxy?.url == "http://env.example:1" && proxy?.secret == Secret("anna:pa:ss"))
    }

    @Test("of the environment that is none is refused, and not shown")
    func badEnvironment() async {
        let error = await #expect(throws: ProviderFileError.self) {
            try await parse(["HTTPS_PROXY": "socks5://anna:hidden@env.example:1"])
        }
        #expect(error?.file == "HTTPS_PROXY" && error?.description.contains("hidden") == false)
    }
}
