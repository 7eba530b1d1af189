import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What `sluice doctor` finds, and what it keeps to itself.
@Suite("The doctor", .timeLimit(.minutes(2)))
struct DoctorTests {
    private static let providers = #"""
        {"version": 1, "providers": [
          {"name": "local", "adapter": "stub", "type": ["chat"], "models": ["stub-*"]},
          {"name": "keyed", "adapter": "openai-chat", "type": "chat", "models": ["k"],
           "baseURL": "http://127.0.0.1:9/v1", "credential": {"env": "DOCTOR_KEY"}},
          {"name": "keyless", "adapter": "openai-chat", "type": "chat", "models": ["n"],
           "baseURL": "http://127.0.0.1:9/v1", "credential": {"env": "NO_SUCH_KEY"}}]}
        """#

    /// The state and the words of each check.
    private static func checks(_ answer: JSONValue) -> [String: (state: String, found: String)] {
        let all = (answer[key: "checks"]?.elements ?? []).map { check in
            (
                check[key: "subject"]?.string ?? "",
                (check[key: "state"]?.string ?? "", check[key: "found"]?.string ?? "")
            )
        }
        return Dictionary(all) { first, _ in first }
    }

    @Test("names settings with who has said them, keys by name, and no secret")
    func running() async throws {
        let home = try Home(Self.providers)
        let secrets = ["planted-key-of-a-provider", "planted-hook-of-an-alarm"]
        let gateway = try await Gateway.start(
            in: home,
            ["--alarm-url", "http://127.0.0.1:9/\(secrets[1])", "--access-log"],
            environment: ["DOCTOR_KEY": secrets[0], "SLUICE_MAX_CALLS": "77"]
        )
        let token = try await gateway.token("planted")
        let asked = try await Command.run("doctor", "--json", "--data", home.data)
        let shown = try await Command.run("doctor", "-o", "wide", "--data", home.data)
        #expect(asked.status == 0 && shown.status == 0, "\(asked.errors)")
        let answer = try Document(Array(asked.output.utf8))
        let checks = Self.checks(answer.root)
        #expect(checks["gateway"]?.state == "ok")
        #expect(checks["row local"]?.state == "ok" && checks["row keyed"]?.state == "ok")
        #expect(checks["row keyless"]?.state == "look" && checks["row keyless"]?.found.contains("NO_SUCH_KEY") == true)
        #expect(["ok", "look"].contains(checks["flush"]?.state) && checks["directory"]?.state == "ok")
        let settings = (answer.root[key: "settings"]?.elements ?? []).map { setting in
            ["name", "value", "from"].map { setting[key: $0]?.string ?? "" }
        }
        #expect(settings.contains(["max-calls", "77", "variable"]))
        #expect(settings.contains(["access-log", "on", "flag"]))
        #expect(settings.contains(["alarm-url", "(set)", "flag"]))
        #expect(settings.contains { $0[0] == "patience" && $0[2] == "preset" })
        for text in [asked.output, shown.output, asked.errors, shown.errors] {
            for secret in secrets + [token] { #expect(!text.contains(secret)) }
        }
        // What was written to try the disk is gone.
        let left = try FileManager.default.contentsOfDirectory(atPath: home.data)
        #expect(!left.contains { $0.hasPrefix("doctor.") })
        #expect(await gateway.stop() == 0)
    }

    @Test("says without a gateway what it can, and that something is bad")
    func stopped() async throws {
        let home = try Home(Self.providers)
        let gateway = try await Gateway.start(in: home)
        #expect(await gateway.stop() == 0)
        let arguments = ["doctor", "--json", "--data", home.data, "--providers", home.providers]
        let asked = try await Command.run(arguments)
        #expect(asked.status == 1)
        let checks = Self.checks(try Document(Array(asked.output.utf8)).root)
        #expect(checks["gateway"]?.state == "bad" && checks["gateway"]?.found.contains("sluice serve") == true)
        #expect(checks["row keyless"]?.found.contains("NO_SUCH_KEY") == true)
        #expect(unsafe chmod(home.data, 0o755) == 0)
        let open = try await Command.run(arguments)
        let directory = Self.checks(try Document(Array(open.output.utf8)).root)["directory"]
        #expect(directory?.state == "bad" && directory?.found.contains("chmod 700") == true)
    }

    @Test("says that a directory is not there, and that memory is no disk")
    func places() async throws {
        let nowhere = try await Command.run("doctor", "--json", "--data", "/nowhere/at/all")
        let missing = Self.checks(try Document(Array(nowhere.output.utf8)).root)
        #expect(nowhere.status == 1 && missing["directory"]?.state == "bad")
        #expect(missing["flush"] == nil)
        let memory = try await Command.run("doctor", "--json", "--data", "/dev/shm")
        let found = Self.checks(try Document(Array(memory.output.utf8)).root)
        #expect(memory.status == 1 && found["file system"]?.state == "bad", "\(memory.output)")
    }
}
