import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct ServeSettingsTests {
    private static func serve(_ home: Home, _ arguments: String...) async throws -> Outcome {
        let own = ["serve", "--port", "0", "--data", home.data, "--providers", home.providers]
        let command = try Command(own + arguments)
        let status = await command.ended()
        return Outcome(status: status, output: command.output.text, errors: command.errors.text)
    }

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    // MARK: The first token

    @Test func aFirstTokenThatCantBeKeptIsNotMade() async throws {
        let home = try Home()
        for path in ["/nonexistent/x", home.path] {
            let refused = try await Self.serve(home, "--first-token", path)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("--first-token"))
        }
        let file = home.path + "/token"
        let gateway = try await Gateway.start(in: home, ["--first-token", file])
        let token = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(try await gateway.send("GET", "/v1/prompts", token: token).status == 200)
        let names = try FileManager.default.contentsOfDirectory(atPath: home.path)
        #expect(Set(names) == ["data", "providers.json", "token"])
    }

    @Test func aStoreWhoseTokensAreAllOverGetsAnotherFirstOne() async throws {
        let home = try Home()
        let file = home.path + "/token"
        let first = try await Gateway.start(in: home, ["--first-token", file])
        let old = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(await first.stop() == 0)
        let id = String(old.dropFirst(4).prefix(8))
        #expect(try await Command.run("token", "revoke", id, "--data", home.data).status == 0)
        let second = try await Gateway.start(in: home, ["--first-token", file])
        let new = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(new != old)
        #expect(try await second.send("GET", "/v1/prompts", token: new).status == 200)
        #expect(try await second.send("GET", "/v1/prompts", token: old).status == 401)
    }

    // MARK: The data directory

    @Test func aDirectoryOfOtherFilesIsLeftAsItIs() async throws {
        let home = try Home()
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home.data)
        try home.write("mine", to: home.data + "/letter.txt")
        let refused = try await Self.serve(home)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("holds other files") && refused.errors.contains("--data"))
        #expect(try Self.mode(home.data) == 0o755)
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.data) == ["letter.txt"])
    }

    @Test(arguments: [[], ["sluice.db"], ["lock", "notes.txt"]])
    func anEmptyDirectoryOrOneOfOursIsClosedToOthers(files: [String]) async throws {
        let home = try Home()
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: false)
        for file in files { try home.write("", to: "\(home.data)/\(file)") }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home.data)
        let gateway = try await Gateway.start(in: home)
        #expect(try Self.mode(home.data) == 0o700)
        #expect(await gateway.stop() == 0)
    }

    // MARK: Values

    @Test(arguments: [["--credential-probe", "0s"], ["--host", ""], ["--host", "[]"]])
    func aValueThatNoneCanMeanIsWrongUsage(arguments: [String]) async throws {
        let home = try Home()
        let process = try Command(["serve", "--data", home.data, "--providers", home.providers] + arguments)
        #expect(await process.ended() == 64)
        #expect(process.errors.text.contains(arguments[0]))
    }

    @Test func aProbeWithoutAPauseIsRefusedInTheEnvironmentToo() async throws {
        let home = try Home()
        let process = try Command(
            ["serve", "--data", home.data, "--providers", home.providers],
            environment: ["SLUICE_CREDENTIAL_PROBE": "0s"]
        )
        #expect(await process.ended() == 64)
        #expect(process.errors.text.contains("SLUICE_CREDENTIAL_PROBE"))
    }

    @Test func aHostWithoutAnAddressIsRefusedInWords() async throws {
        let home = try Home()
        let refused = try await Self.serve(home, "--host", "nohost.invalid")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("nohost.invalid") && refused.errors.contains("--host"))
        #expect(!refused.errors.contains("SocketAddressError"))
        #expect(!FileManager.default.fileExists(atPath: home.data))
    }

    @Test func anAddressMayStandInBrackets() async throws {
        let home = try Home()
        let own = ["serve", "--port", "0", "--data", home.data, "--providers", home.providers]
        let gateway = try Command(own + ["--host", "[::1]"])
        let ready = await gateway.says("is ready on")
        #expect(ready?.contains("http://[::1]:") == true, "\(gateway.errors.text)")
    }
}
