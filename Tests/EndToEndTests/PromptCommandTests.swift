import SluiceJSON
import SluiceTesting
import Testing

/// What callers do from a command line.
@Suite("sluice prompt", .timeLimit(.minutes(2)))
struct PromptCommandTests {
    private let gateway: Gateway
    private let environment: [String: String]

    init() async throws {
        gateway = try await Gateway.start(in: Home())
        environment = [
            "SLUICE_URL": "http://127.0.0.1:\(gateway.port)", "SLUICE_TOKEN": try await gateway.token("caller"),
        ]
    }

    private func prompt(_ arguments: String..., token: String? = nil) async throws -> Outcome {
        var environment = environment
        if let token { environment["SLUICE_TOKEN"] = token }
        return try await Command.run(["prompt"] + arguments, environment: environment)
    }

    private func record(_ id: String) async throws -> JSONValue {
        try Document(Array(try await prompt("get", id, "--wait", "--json").output.utf8)).root
    }

    @Test("sends what is wished for, once for each key")
    func wishes() async throws {
        let wishes = [
            "send", "Hello", "--model", "stub-echo", "--temperature", "0.5", "--max-tokens", "50", "--metadata",
            "batch=b1",
            "--metadata", "note=a=b", "--lane", "interactive", "--tries", "3", "--deadline", "2w", "--fallback",
            "stub-other",
            "--key", "order-17",
        ]
        let first = try await Command.run(["prompt"] + wishes, environment: environment)
        let second = try await Command.run(["prompt"] + wishes, environment: environment)
        #expect(first.status == 0 && !first.output.isEmpty && first.output == second.output, "\(first.errors)")
        let record = try await record(first.output)
        #expect(record[key: "randomness"]?.number == 0.5 && record[key: "maxToken"]?.integer == 50)
        #expect(record[key: "metadata"]?[key: "batch"]?.string == "b1")
        #expect(record[key: "metadata"]?[key: "note"]?.string == "a=b")
        #expect(record[key: "lane"]?.string == "interactive" && record[key: "tries"]?.integer == 3)
        #expect(record[key: "fallbacks"]?.elements.map(\.string) == ["stub-other"])
        let other = try await prompt("send", "Other", "--model", "stub-echo", "--key", "order-17")
        #expect(other.status == 1 && other.errors.contains("Idempotency-Key"))
        let odd = try await prompt("send", "--model", "stub-echo", "--wait", "--", "--json=hello")
        #expect(odd.output == "--json=hello", "\(odd.errors)")
        let later = try await prompt("send", "Later", "--model", "stub-echo", "--delay", "1h")
        let waiting = try await prompt("list", "--status", "queued", "--json")
        #expect(waiting.output.contains(later.output))
        for wrong in [["--metadata", "x"], ["--metadata", "=x"], ["--metadata", "a=1", "--metadata", "a=2"]] {
            let arguments = ["prompt", "send", "x", "--model", "stub-echo"] + wrong
            #expect(try await Command.run(arguments, environment: environment).status == 64)
        }
    }

    @Test("shows what was tried, sends a dead prompt again by a token that may, and deletes")
    func changes() async throws {
        let sent = try await prompt("send", "Hello", "--model", "stub-error-contentFilter")
        #expect(try await record(sent.output)[key: "status"]?.string == "dead")
        let tried = try await prompt("attempts", sent.output)
        #expect(tried.status == 0 && tried.output.contains("contentFilter") && tried.output.contains("stub"))
        let refused = try await prompt("redrive", sent.output)
        #expect(
            refused.status == 1 && refused.errors.contains("makes one with --scope jobs:redrive"),
            "\(refused.errors)"
        )
        let may = try await gateway.token("may", "--scope", "jobs:read", "--scope", "jobs:redrive", "--owner", "caller")
        let again = try await prompt("redrive", sent.output, "--to-model", "stub-echo", token: may)
        #expect(again.status == 0 && again.errors.contains(sent.output), "\(again.errors)")
        #expect(try await prompt("get", sent.output, "--wait").output == "Hello")
        let deleted = try await prompt("delete", sent.output)
        #expect(deleted.status == 0 && deleted.errors.contains("is deleted"), "\(deleted.errors)")
        let gone = try await prompt("get", sent.output)
        #expect(gone.status == 1 && gone.errors.contains("no prompt of yours"))
        #expect(try await prompt("get", "").status == 1)
        let made = try await Command.run("token", "create", "--name", "x", "--json=record", "--data", gateway.home.data)
        #expect(made.status == 0 && made.output.contains("record") && !made.output.contains("slc_"))
        let missing = try await prompt("delete", "0192f0c1-2b3c-7d4e-8f50-617283940a1b")
        #expect(missing.status == 1)
    }
}
