import SluiceCatalogue
import SluiceProvider
import Testing

@Suite("A secret in providers.json")
struct SecretTests {
    static let secrets = [
        "sk-proj-0123456789abcdef", "slc_abcd1234_0123456789", "AIzaSyA0123456789abcdefgh", "gsk_0123456789abcdef",
        "0123456789abcdef0123456789abcdef", "Bearer 0123456789abcdef",
    ]
    static let places = [
        #""credential": "SECRET""#, #""credential": {"value": "SECRET"}"#, #""credential": {"key": "SECRET"}"#,
        #""credential": {"token": "SECRET"}"#, #""credential": {"env": "SECRET"}"#,
        #""credential": {"file": "SECRET"}"#,
        #""credential": {"literal": {"SECRET": 1}}"#, #""credential": ["SECRET"]"#,
        #""credential": [{"env": "SECRET"}]"#,
        #""credential": {"SECRET": "x"}"#, #""headers": {"X-Key": "SECRET"}"#, #""headers": {"api-key": "SECRET"}"#,
        #""headers": {"Authorization": "SECRET"}"#, #""headers": {"SECRET": 1}"#, #""query": {"q": "SECRET"}"#,
        #""query": {"token": "SECRET"}"#, #""apiKey": "SECRET""#, #""SECRET": 1"#, #""models": ["SECRET"]"#,
        #""modelMap": {"m": "SECRET"}"#, #""listed": ["SECRET"]"#, #""name": "SECRET""#, #""adapter": "SECRET""#,
        #""type": "SECRET""#, #""http": "SECRET""#, #""concurrency": "SECRET""#, #""settings": {"SECRET": 1}"#,
        #""parameters": {"SECRET": 1}"#, #""baseURL": "https://user:SECRET@h""#, #""baseURL": "https://h/SECRET""#,
        #""baseURL": "https://h?key=SECRET""#, #""baseURL": "SECRET""#,
    ]

    @Test("is refused and never printed, wherever it stands", arguments: secrets, places)
    func refused(secret: String, place: String) async {
        // Numbers of accounts and hashes are usual there, and no known kind of key.
        let isUsual = [#""models": ["SECRET"]"#, #""modelMap": {"m": "SECRET"}"#, #""listed": ["SECRET"]"#].contains(
            place
        )
        if secret.first == "0", isUsual || place == #""baseURL": "https://h/SECRET""# { return }
        let members = place.replacing("SECRET", with: secret)
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h"}, {\(members)}]}
            """
        do throws(ProviderFileError) {
            _ = try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: [:])
            Issue.record("it was taken")
        } catch {
            #expect(!error.description.contains(secret), "\(error)")
            #expect(!error.description.contains(secret.dropFirst(8)), "\(error)")
            #expect(!"\(error.faults)".contains(secret))
        }
    }

    @Test(
        "is told where it belongs",
        arguments: [
            #""credential": "x""#, #""credential": {"value": "x"}"#, #""credential": {"key": "x"}"#, #""apiKey": "x""#,
            #""headers": {"Authorization": "x"}"#, #""headers": {"X-A": "Bearer x"}"#, #""query": {"api_key": "x"}"#,
            #""parameters": {"default": {"a": [{"b": "Bearer x"}]}}"#,
            #""parameters": {"default": {"sk-0123456789": 1}}"#,
        ]
    )
    func hint(members: String) async {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h", \(members)}]}
            """
        let error = await #expect(throws: ProviderFileError.self) {
            try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: [:])
        }
        #expect(error?.faults.count == 1)
        #expect(error?.description.contains("{\"env\": \"PROVIDER_API_KEY\"} or {\"file\": \"/path/to/key\"}") == true)
    }

    @Test(
        "of no known shape is refused under a header's name that tells what it is",
        arguments: [
            "X-Auth-Token", "token", "Secret", "api_key", "x-goog-api-key", "Ocp-Apim-Subscription-Key", "X-Token",
            "X-API-KEY", "Cookie", "Proxy-Authorization", "my_password", "subscriptionKey", "X-Client-Secret", "X-Key",
        ]
    )
    func headers(name: String) async {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h", "headers": {"\(name)": "hunter2"}}]}
            """
        let error = await #expect(throws: ProviderFileError.self) {
            try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: [:])
        }
        #expect(error?.faults.map(\.pointer) == ["/providers/0/headers/\(name)"])
        #expect(error?.description.contains("\"credential\": {\"env\"") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(
        "is not seen in other headers",
        arguments: ["X-Team", "X-Monkey", "OpenAI-Organization", "X-Max-Tokens", "X-Value", "anthropic-version"]
    )
    func otherHeaders(name: String) async throws {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h", "headers": {"\(name)": "hunter2"}}]}
            """
        let bytes = Array(text.utf8)
        let rows = try await ProviderFile.parse(bytes, name: "p.json", adapters: adapters, environment: [:]).rows
        #expect(rows.first?.endpoint?.headers.map(\.name) == [name])
    }

    @Test("in a key file's or a variable's place stays out of the row's reason and its text")
    func reasons() async throws {
        let text = """
            {"version": 1, "providers": [{"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
             "baseURL": "https://h", "credential": [{"env": "BAD"}, {"env": "GOOD"}]}]}
            """
        let environment = ["BAD": "sk-one\nsk-two", "GOOD": "sk-three"]
        let catalogue = try await ProviderFile.parse(
            Array(text.utf8),
            name: "p",
            adapters: adapters,
            environment: environment
        )
        let row = try #require(catalogue.rows.first)
        #expect(row.credentials.first?.problem?.contains("no header can carry") == true)
        var dumped = ""
        dump(row, to: &dumped)
        #expect(!"\(row)".contains("sk-") && !dumped.contains("sk-"))
    }
}
