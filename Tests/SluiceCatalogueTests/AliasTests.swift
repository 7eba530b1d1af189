import Glibc
import SluiceCatalogue
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Aliases in providers.json")
struct AliasTests {
    private func parse(_ aliases: String) async throws(ProviderFileError) -> Catalogue {
        let text = #"""
            {"version": 1, "aliases": \#(aliases), "providers": [
              {"name": "a", "adapter": "openai-chat", "type": "chat", "models": ["gpt-*", "exact"], "baseURL": "https://h"}]}
            """#
        return try await ProviderFile.parse(Array(text.utf8), name: "p.json", adapters: adapters, environment: [:])
    }

    @Test("are read, with priority and weight as rows have them")
    func read() async throws {
        let catalogue = try await parse(
            #"{"fast": ["gpt-4o-mini", {"model": "exact", "priority": 1, "weight": 3}], "one": ["gpt-1"]}"#
        )
        #expect(
            catalogue.aliases == [
                ModelAlias(name: "fast", targets: [.init("gpt-4o-mini"), .init("exact", priority: 1, weight: 3)]),
                ModelAlias(name: "one", targets: [.init("gpt-1")]),
            ]
        )
        #expect(catalogue.aliasNames.targets(of: "fast") == ["gpt-4o-mini", "exact"])
        #expect(catalogue.aliasNames.targets(of: "gpt-1") == nil)
    }

    @Test(
        "that can't be are refused with what is allowed",
        arguments: [
            (#"{"fast": []}"#, "/aliases/fast", "1 to 16"), (#"{"fast": "exact"}"#, "/aliases/fast", "1 to 16"),
            (#"{"fast": ["nobody's"]}"#, "/aliases/fast/0", "served by no row"),
            (#"{"fast": ["exact"], "two": ["fast"]}"#, "/aliases/two/0", "is an alias itself"),
            (#"{"exact": ["gpt-1"]}"#, "/aliases/exact", "model of the row a"),
            (#"{"f*": ["exact"]}"#, "/aliases/f*", "whole name"), (#"{"a b": ["exact"]}"#, "/aliases/a b", "spaces"),
            (#"{"fast": ["exact", "exact"]}"#, "/aliases/fast/1", "twice"),
            (#"{"fast": [{"priority": 1}]}"#, "/aliases/fast/0", "has no \"model\""),
            (#"{"fast": [{"model": "exact", "weight": 0}]}"#, "/aliases/fast/0/weight", "from 1"),
            (#"{"fast": [7]}"#, "/aliases/fast/0", "not a number"), (#"[]"#, "/aliases", "must be an object"),
        ]
    )
    func faults(text: String, pointer: String, words: String) async {
        do throws(ProviderFileError) {
            _ = try await parse(text)
            Issue.record("\(text) was taken")
        } catch {
            let found = error.faults.contains { $0.pointer == pointer && $0.message.contains(words) }
            #expect(found, "\(error.faults)")
        }
    }

    @Test("may have sixteen targets, and no more")
    func most() async throws {
        let list = (1...17).map { "\"gpt-\($0)\"" }
        _ = try await parse(#"{"fast": [\#(list.dropLast().joined(separator: ","))]}"#)
        await #expect(throws: ProviderFileError.self) {
            try await parse(#"{"fast": [\#(list.joined(separator: ","))]}"#)
        }
    }
}

@Suite("What is likely to be a mistake in providers.json")
struct WarningTests {
    private func warnings(
        _ members: String,
        aliases: String = "{}",
        environment: [String: String] = [:],
        folder: String = "."
    ) async throws -> [String] {
        let text = #"""
            {"version": 1, "aliases": \#(aliases), "providers": [
              {"name": "a", "adapter": "openai-chat", "type": "chat", \#(members)}]}
            """#
        return try await ProviderFile.parse(
            Array(text.utf8),
            name: "p.json",
            folder: folder,
            adapters: adapters,
            environment: environment
        ).warnings
    }

    @Test(
        "is told, and allowed",
        arguments: [
            (#""models": ["m"], "baseURL": "https://h/v1""#, nil),
            (#""models": ["m"], "baseURL": "https://h/v1", "firstByteSeconds": 120"#, "firstByteSeconds"),
            (#""models": ["m"], "baseURL": "https://h/v1", "idleSeconds": 60"#, "idleSeconds"),
            (#""models": ["m"], "baseURL": "https://h/v1", "timeoutSeconds": 600"#, "timeoutSeconds"),
            (#""models": ["m"], "baseURL": "https://h/v1/chat/completions""#, "ends in /chat/completions"),
            (#""models": ["m*", "mm"], "baseURL": "https://h/v1""#, "one of the two is enough"),
            (#""models": ["m"], "baseURL": "https://h/v1", "credential": {"env": "QUOTED"}"#, "in quotes"),
            (#""models": ["m"], "baseURL": "https://h/v1", "credential": {"env": "BEARER"}"#, "Bearer"),
            (#""models": ["m"], "baseURL": "https://h/v1", "credential": {"env": "GOOD"}"#, nil),
        ] as [(String, String?)]
    )
    func warned(members: String, words: String?) async throws {
        let keys = ["QUOTED": "\"key\"", "BEARER": "Bearer key", "GOOD": "key"]
        let warnings = try await warnings(members, environment: keys)
        #expect(warnings.count == (words == nil ? 0 : 1), "\(warnings)")
        if let words { #expect(warnings.first?.contains(words) == true, "\(warnings)") }
        #expect(warnings.allSatisfy { $0.hasPrefix("row a: ") })
    }

    @Test("is an alias that takes a name from a row's pattern")
    func alias() async throws {
        let members = #""models": ["m*"], "baseURL": "https://h/v1""#
        let warnings = try await warnings(members, aliases: #"{"mini": ["m1"], "other": ["m1"]}"#)
        #expect(warnings.count == 1 && warnings[0].contains("the alias mini wins over the pattern m*"), "\(warnings)")
    }

    @Test("is a key file that others may read")
    func file() async throws {
        let folder = "/tmp/sluice-keys-\(UInt32.random(in: .min ... .max))"
        #expect(unsafe mkdir(folder, 0o700) == 0)
        defer { unsafe rmdir(folder) }
        let file = unsafe fopen("\(folder)/key", "w")
        unsafe fputs("secret-value", file)
        unsafe fclose(file)
        defer { unsafe unlink("\(folder)/key") }
        let members = #""models": ["m"], "baseURL": "https://h/v1", "credential": {"file": "key"}"#
        for (mode, count) in [(0o600, 0), (0o640, 1), (0o604, 1)] as [(mode_t, Int)] {
            #expect(unsafe chmod("\(folder)/key", mode) == 0)
            let warnings = try await warnings(members, folder: folder)
            #expect(warnings.count == count && warnings.allSatisfy { $0.contains("chmod 600") }, "\(warnings)")
        }
    }
}
