import SluiceCatalogue
import SluiceProvider
import Testing

@Suite("A faulty providers.json")
struct FaultTests {
    private func faults(_ text: String) async -> [ProviderFileError.Fault] {
        do throws(ProviderFileError) {
            _ = try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: [:])
            return []
        } catch {
            return error.faults
        }
    }

    /// A row without a fault but for `members`, which replace those of the same name.
    private func faultsOfRow(_ members: String, adapter: String = "openai-chat") async -> [ProviderFileError.Fault] {
        var row = [
            "name": "\"a\"", "adapter": "\"\(adapter)\"", "type": "\"chat\"", "models": "[\"m-*\"]",
            "baseURL": "\"https://h\"",
        ]
        if adapter == "stub" { row["baseURL"] = nil }
        for name in row.keys where members.hasPrefix("\"\(name)\"") || members.contains(", \"\(name)\":") {
            row[name] = nil
        }
        let rest = row.sorted { $0.key < $1.key }.map { ", \"\($0.key)\": \($0.value)" }.joined()
        return await faults("{\"version\": 1, \"providers\": [{\(members)\(rest)}]}")
    }

    @Test(
        "of the wrong syntax names line and column",
        arguments: [
            ("", nil), ("{\n  \"version\": 1,\n  oops\n}", 3), ("{\"version\": 1, \"version\": 1}", 1),
            ("{\"version\": 1}\n{}", 2), ("{\"version\": 1,\n \"providers\": [\n", 3),
        ]
    )
    func syntax(text: String, line: Int?) async {
        let found = await faults(text)
        #expect(found.count == 1)
        if let line { #expect(found.first?.line == line && found.first?.column != nil, "\(found)") }
    }

    @Test(
        "of the wrong outline says so",
        arguments: [
            ("[]", "", "must be an object"),
            ("{\"providers\": []}", "", "has no \"version\""),
            ("{\"version\": 2, \"providers\": [1]}", "/version", "must be 1"),
            ("{\"version\": \"1\", \"providers\": [1]}", "/version", "must be a number, not a string"),
            ("{\"version\": 1}", "", "has no \"providers\""),
            ("{\"version\": 1, \"providers\": []}", "/providers", "at least one row"),
            ("{\"version\": 1, \"providers\": {}}", "/providers", "must be a list, not an object"),
            ("{\"version\": 1, \"providers\": [7]}", "/providers/0", "must be an object, not a number"),
            ("{\"version\": 1, \"provider\": [7]}", "/provider", "did you mean \"providers\"?"),
            ("{\"version\": 1, \"providers\": [{}]}", "/providers/0", "has no \"adapter\""),
        ]
    )
    func outline(text: String, pointer: String, message: String) async {
        let found = await faults(text)
        #expect(found.contains { $0.pointer == pointer && $0.message.contains(message) && $0.line == 1 }, "\(found)")
    }

    @Test(
        "with one bad member in a row names the place and what to do",
        arguments: [
            (#""name": """#, "name", "must not be empty"),
            (#""name": "a b""#, "name", "must be 1 to 64 letters"),
            (#""name": 7"#, "name", "must be a string, not a number"),
            (#""adapter": "openai-chta""#, "adapter", "did you mean \"openai-chat\"?"),
            (#""adapter": "nothing""#, "adapter", "known are openai, openai-chat, openai-completion, openai-embedding"),
            (#""type": "completion""#, "type", "the adapter openai-chat serves chat"),
            (#""type": ["chat", "talk"]"#, "type/1", "allowed are chat"),
            (#""type": []"#, "type", "name some of chat, or leave it out"),
            (#""type": [], "adapter": "openai""#, "type", "name some of chat, completion, embedding"),
            (#""type": ["chat", "talk"], "adapter": "openai""#, "type/1", "allowed are chat, completion, embedding"),
            (#""type": ["embedding", "chat", "embedding"], "adapter": "openai""#, "type/2", "twice"),
            (#""type": ["chat", 7], "adapter": "openai""#, "type/1", "must be a string, not a number"),
            (#""type": "embeding", "adapter": "openai""#, "type", "did you mean \"embedding\"?"),
            (#""types": ["chat"], "adapter": "openai""#, "types", "did you mean \"type\"?"),
            (#""type": ["chat", "chat"]"#, "type/1", "twice"),
            (#""type": 7"#, "type", "must be a string or a list of strings"),
            (#""models": []"#, "models", "must not be empty"),
            (#""models": "m""#, "models", "must be a list"),
            (#""models": [""]"#, "models/0", "must be a string that is not empty"),
            (#""models": ["a b"]"#, "models/0", "without spaces"),
            (#""models": ["a**"]"#, "models/0", "is no pattern"),
            (#""models": ["m", "m"]"#, "models/1", "twice"),
            (#""listed": ["m-*"]"#, "listed/0", "without \"*\""),
            (#""listed": ["x"]"#, "listed/0", "fits none of the row's models"),
            (#""modelMap": {"x": "y"}"#, "modelMap/x", "fits none of the row's models"),
            (#""modelMap": {"m-*": "y"}"#, "modelMap/m-*", "one \"*\" on each side"),
            (#""modelMap": {"m-1": "y*"}"#, "modelMap/m-1", "one \"*\" on each side"),
            (#""modelMap": {"m-*-*": "*"}"#, "modelMap/m-*-*", "one \"*\" on each side"),
            (#""modelMap": {"m-1": ""}"#, "modelMap/m-1", "1 to 256 bytes"),
            (
                #""credential": {"file": "\#(String(repeating: "k", count: 1001))"}"#, "credential/file",
                "at most 1000 bytes"
            ),
            (
                #""credential": {"env": "\#(String(repeating: "K", count: 1001))"}"#, "credential/env",
                "name of an environment variable"
            ),
            (#""baseURL": "http://h""#, "baseURL", "must be https"),
            (#""baseURL": "http://127.0.0.1.evil.example""#, "baseURL", "must be https"),
            (#""baseURL": "http://localhost.evil.example""#, "baseURL", "must be https"),
            (#""baseURL": "h.example/v1""#, "baseURL", "starts with https://"),
            (#""baseURL": "ftp://h""#, "baseURL", "must start with https://"),
            (#""baseURL": "https://""#, "baseURL", "no valid host"),
            (#""baseURL": "https://h:99999""#, "baseURL", "port"),
            (#""baseURL": "https://h:x""#, "baseURL", "port"),
            (#""baseURL": "https://u:p@h""#, "baseURL", "no user name or password"),
            (#""baseURL": "https://h?a=b""#, "baseURL", "\"query\""),
            (#""baseURL": "https://h#f""#, "baseURL", "fragment"),
            (#""baseURL": "https://h/ x""#, "baseURL", "character"),
            (#""baseURL": "https://h/../x""#, "baseURL", "\"..\""),
            (#""baseURL": 7"#, "baseURL", "must be a string"),
            (#""baseURL": "https://10.0.0.1""#, "baseURL", "\"allowPrivate\": true"),
            (#""baseURL": "https://172.31.255.255:8443/v1""#, "baseURL", "private address"),
            (#""baseURL": "https://192.168.1.20/v1""#, "baseURL", "private address"),
            (#""baseURL": "https://169.254.169.254""#, "baseURL", "private address"),
            (#""baseURL": "https://100.64.0.1""#, "baseURL", "private address"),
            (#""baseURL": "https://0.0.0.0""#, "baseURL", "private address"),
            (#""baseURL": "https://[FD00::1]""#, "baseURL", "private address"),
            (#""baseURL": "https://[fe80::1]:443/v1""#, "baseURL", "private address"),
            (#""baseURL": "http://10.0.0.1", "allowPlainHTTP": true"#, "baseURL", "private address"),
            (#""baseURL": "http://10.0.0.1""#, "baseURL", "\"allowPrivate\": true allows it; and must be https"),
            (#""headers": {"X-A": "b\r\nX-C: d"}"#, "headers/X-A", "line breaks"),
            (#""headers": {"X-\r\nA": "b"}"#, "headers/X-\r\nA", "no header's name"),
            (#""headers": {"host": "b"}"#, "headers/host", "writes this header itself"),
            (#""headers": {"Content-Length": "1"}"#, "headers/Content-Length", "writes this header itself"),
            (#""headers": {"Authorization": "x"}"#, "headers/Authorization", "looks like a secret"),
            (#""headers": {"X-A": "1", "x-a": "2"}"#, "headers/x-a", "twice"),
            (#""headers": {"X-A": 1}"#, "headers/X-A", "must be a string, not a number"),
            (#""query": {"key": "1"}"#, "query/key", "looks like a secret"),
            (#""query": {"subscription-key": "1"}"#, "query/subscription-key", "looks like a secret"),
            (#""timeoutSeconds": 0"#, "timeoutSeconds", "from 0.001 to 86400"),
            (#""idleSeconds": 86401"#, "idleSeconds", "from 0.001 to 86400"),
            (#""firstByteSeconds": "9""#, "firstByteSeconds", "must be a number"),
            (#""concurrency": 0"#, "concurrency", "from 1 to 100000"),
            (#""concurrency": 1.5"#, "concurrency", "from 1 to 100000"),
            (#""concurrency": 18446744073709551615"#, "concurrency", "from 1 to 100000"),
            (#""weight": 0"#, "weight", "from 1"),
            (#""priority": 1e9"#, "priority", "whole number"),
            (#""allowPrivate": "yes""#, "allowPrivate", "must be true or false"),
            (#""http": "3""#, "http", "\"1.1\" or \"2\""),
            (#""http": 2"#, "http", "\"1.1\" or \"2\""),
            (#""answerLimitBytes": 0"#, "answerLimitBytes", "from 1"),
            (#""parameters": {"renames": {}}"#, "parameters/renames", "did you mean \"rename\"?"),
            (#""parameters": {"rename": {"a": 1}}"#, "parameters/rename/a", "must be a string"),
            (#""parameters": {"rename": {"a": "a"}}"#, "parameters/rename/a", "no effect"),
            (#""parameters": {"rename": {"a": "c", "b": "c"}}"#, "parameters/rename/b", "two members"),
            (#""parameters": {"drop": [1]}"#, "parameters/drop/0", "must be a string"),
            (#""parameters": {"rename": {"model": "m"}}"#, "parameters/rename/model", "writes \"model\" itself"),
            (#""parameters": {"rename": {"user": "model"}}"#, "parameters/rename/user", "writes \"model\" itself"),
            (#""parameters": {"rename": {"a": "stream"}}"#, "parameters/rename/a", "writes \"stream\" itself"),
            (#""parameters": {"rename": {"a": "messages"}}"#, "parameters/rename/a", "what the caller asks"),
            (#""parameters": {"rename": {"prompt": "a"}}"#, "parameters/rename/prompt", "what the caller asks"),
            (#""parameters": {"drop": ["a"], "rename": {"a": "b"}}"#, "parameters/rename/a", "\"drop\" takes it away"),
            (#""parameters": {"drop": ["model"]}"#, "parameters/drop/0", "writes \"model\" itself"),
            (#""parameters": {"drop": ["messages"]}"#, "parameters/drop/0", "what the caller asks"),
            (#""parameters": {"drop": ["input"]}"#, "parameters/drop/0", "what the caller asks"),
            (#""parameters": {"drop": ["a", "b", "a"]}"#, "parameters/drop/2", "twice"),
            (#""parameters": {"default": {"prompt": "x"}}"#, "parameters/default/prompt", "what the caller asks"),
            (#""parameters": {"min": {"n": "1"}}"#, "parameters/min/n", "must be a number"),
            (#""parameters": {"min": {"n": 2}, "max": {"n": 1}}"#, "parameters/max/n", "less than the \"min\""),
            (#""parameters": []"#, "parameters", "must be an object"),
            (#""settings": {"x": 1}"#, "settings/x", "nothing to set"),
            (#""baseUrl": "https://h""#, "baseUrl", "did you mean \"baseURL\"?"),
            (#""credential": []"#, "credential", "must not be empty"),
            (#""credential": {}"#, "credential", "either \"env\" or \"file\""),
            (#""credential": {"env": "A", "file": "b"}"#, "credential", "either \"env\" or \"file\""),
            (#""credential": {"env": "A B"}"#, "credential/env", "name of an environment variable"),
            (#""credential": {"env": ""}"#, "credential/env", "must not be empty"),
            (#""credential": [{"env": "A"}, 7]"#, "credential/1", "must not hold the secret itself"),
        ]
    )
    func member(members: String, place: String, message: String) async {
        let found = await faultsOfRow(members)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.pointer == "/providers/0/\(place)", "\(found)")
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }

    @Test(
        "with a setting that the adapter refuses names the setting",
        arguments: [
            (#""settings": {"sizeTokens": 0}"#, "settings/sizeTokens", "a whole number from 1 to 1000"),
            (#""settings": {"sizeTokens": 1001}"#, "settings/sizeTokens", "a whole number from 1 to 1000"),
            (#""settings": {"sizeTokens": "5"}"#, "settings/sizeTokens", "a whole number from 1 to 1000"),
            (#""settings": {"sizeTokens": 13}"#, "settings/sizeTokens", "must not be 13"),
            (#""settings": {"sizetoken": 1}"#, "settings/sizetoken", "did you mean \"sizeTokens\"?"),
            (#""baseURL": "https://h""#, "baseURL", "makes no calls"),
            (#""credential": {"env": "A"}"#, "credential", "makes no calls"),
        ]
    )
    func settings(members: String, place: String, message: String) async {
        let found = await faultsOfRow(members, adapter: "stub")
        #expect(found.count == 1 && found.first?.pointer == "/providers/0/\(place)", "\(found)")
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }

    @Test("names all of its faults at once, in the order of the lines")
    func several() async {
        let text = """
            {
              "version": 1,
              "providers": [
                { "name": "a", "adapter": "openai-chat", "type": "chat", "models": ["m"],
                  "baseURL": "http://h",
                  "concurrency": 0 },
                { "name": "a", "adapter": "nothing", "type": "chat",
                  "models": [],
                  "modles": ["m"] },
                { "name": "b", "adapter": "stub", "type": "talk", "models": ["m"] }
              ]
            }
            """
        let found = await faults(text)
        #expect(
            found.map(\.pointer) == [
                "/providers/0/baseURL", "/providers/0/concurrency", "/providers/1/name", "/providers/1/adapter",
                "/providers/1/models", "/providers/1/modles", "/providers/2/type",
            ]
        )
        #expect(found.map(\.line) == [5, 6, 7, 7, 8, 9, 10])
        let description = ProviderFileError(file: "p.json", faults: found).description
        #expect(description.split(separator: "\n").count == 7)
        #expect(description.hasPrefix("p.json:5: /providers/0/baseURL must be https"))
    }

    @Test("that can't be read well is no crash", arguments: ["null", "7", "\"x\"", "true", "{\"providers\": null}"])
    func oddRoots(text: String) async {
        #expect(await !faults(text).isEmpty)
    }
}
