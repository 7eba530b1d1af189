import Foundation
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct CommandLineTests {
    @Test func helpNamesEachFlagWithItsVariableAndGivesAnExample() async throws {
        let help = try await Command.run("serve", "--help")
        #expect(help.status == 0)
        for name in ["host", "port", "data", "providers", "stage", "log-level", "log-format", "grace", "drain-delay"] {
            #expect(help.output.contains("--\(name)"))
            #expect(help.output.contains("SLUICE_" + name.uppercased().replacing("-", with: "_")))
        }
        #expect(help.output.contains("Example: sluice serve"))
    }

    @Test(arguments: [
        ["token"], ["token", "create"], ["token", "import"], ["token", "list"], ["token", "show"], ["token", "rotate"],
        ["token", "revoke"],
        ["owner", "list"], ["owner", "show"], ["provider", "list"], ["provider", "check"], ["provider", "test"],
        ["provider", "reload"], ["prompt", "send"], ["prompt", "get"], ["prompt", "list"], ["prompt", "cancel"],
        ["prompt", "attempts"], ["prompt", "redrive"], ["prompt", "delete"], ["completion"], ["manual"], ["status"],
        ["top"],
        ["doctor"],
        ["job", "list"], ["job", "show"], ["job", "attempts"], ["job", "cancel"], ["job", "dead"], ["job", "redrive"],
        ["audit"], ["backup"], ["restore"], ["check"],
    ])
    func everyCommandHelpsWithAnExample(command: [String]) async throws {
        let process = try Command(command + ["--help"])
        #expect(await process.ended() == 0)
        #expect(process.output.text.contains("Example: "))
    }

    @Test func aBadVariableIsNamed() async throws {
        let home = try Home()
        let arguments = ["serve", "--data", home.data, "--providers", home.providers]
        let process = try Command(arguments, environment: ["SLUICE_PORT": "eighty"])
        #expect(await process.ended() == 64)
        #expect(process.errors.text.contains("SLUICE_PORT"))
        #expect(process.errors.text.contains("eighty"))
    }

    @Test func aFlagWinsOverItsVariable() async throws {
        let gateway = try await Gateway.start(in: Home(), environment: ["SLUICE_PORT": "1", "SLUICE_STAGE": "test"])
        #expect(gateway.port > 1)
        let token = try await gateway.token()
        #expect(try await gateway.send("GET", "/test/gpt/prompt?id=x", token: token).status == 404)
        #expect(try await gateway.send("GET", "/test/gpt/prompt", token: token).status == 400)
    }

    @Test(arguments: ["5", "s", "-1s", "1.5h", "99999999999999999999d", "1y", ""])
    func aBadDurationIsWrongUsage(text: String) async throws {
        let outcome = try await Command.run("token", "create", "--name", "x", "--expires=\(text)")
        #expect(outcome.status == 64)
    }

    @Test func aBrokenProvidersFileIsToldFaultByFaultAndNothingStarts() async throws {
        let home = try Home(
            #"""
            {"version": 1, "providers": [
              {"name": "a", "adapter": "nobody", "type": "chat", "models": ["x"]},
              {"name": "b", "adapter": "openai-chat", "type": "chat", "models": ["y"],
               "baseURL": "https://api.example.com/v1", "credential": "sk-this-is-a-literal-secret-0123456789"}]}
            """#
        )
        let check = try await Command.run("provider", "check", "--providers", home.providers)
        let serve = try await Command.run("serve", "--data", home.data, "--providers", home.providers, "--port", "0")
        for outcome in [check, serve] {
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(":2:") && outcome.errors.contains("/providers/0"))
            #expect(outcome.errors.contains(":4:") && outcome.errors.contains("/providers/1"))
            #expect(!outcome.errors.contains("sk-this-is"))
        }
        #expect(!FileManager.default.fileExists(atPath: home.data))
    }

    @Test(arguments: ["{\"version\": 1,\n  oops}", "", "[]"])
    func aFileThatIsNoProvidersFileIsRefused(text: String) async throws {
        let home = try Home(text)
        let outcome = try await Command.run("serve", "--data", home.data, "--providers", home.providers, "--port", "0")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(home.providers))
        if text.contains("oops") { #expect(outcome.errors.contains("\(home.providers):2:3:")) }
    }

    @Test func aMissingProvidersFileIsRefused() async throws {
        let home = try Home()
        let outcome = try await Command.run("serve", "--data", home.data, "--providers", home.path + "/none.json")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("none.json") && outcome.errors.contains("--providers"))
    }

    @Test func promptsAreSentAndFetchedFromTheCommandLine() async throws {
        let gateway = try await Gateway.start(in: Home())
        let environment = ["SLUICE_URL": "http://127.0.0.1:\(gateway.port)", "SLUICE_TOKEN": try await gateway.token()]
        let waited = try await Command.run(
            "prompt",
            "send",
            "Hello there",
            "--model",
            "stub-echo",
            "--wait",
            environment: environment
        )
        #expect(waited.status == 0)
        #expect(waited.output == "Hello there")
        let sent = try await Command.run("prompt", "send", "Two", "--model", "stub-echo", environment: environment)
        let got = try await Command.run("prompt", "get", sent.output, "--wait", environment: environment)
        #expect(got.output == "Two")
        let failed = try await Command.run(
            "prompt",
            "send",
            "x",
            "--model",
            "stub-error-content-filter",
            "--wait",
            environment: environment
        )
        #expect(failed.status == 1)
        let wrong = try await Command.run("prompt", "send", "x", "--model", "none", environment: environment)
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("`none` is no model") && !wrong.errors.contains("/model"))
        let list = try await Command.run("prompt", "list", "--json", environment: environment)
        #expect(try Document(Array(list.output.utf8)).root[key: "prompts"]?.elements.isEmpty == false)
    }

    @Test func aTokenFileInTheCurrentDirectoryIsUsed() async throws {
        let gateway = try await Gateway.start(in: Home())
        try gateway.home.write(try await gateway.token() + "\n", to: gateway.home.path + "/.sluice-token")
        let outcome = try await Command.run(
            "prompt",
            "send",
            "Hi",
            "--model",
            "stub-echo",
            "--wait",
            "--url",
            "http://127.0.0.1:\(gateway.port)",
            directory: gateway.home.path
        )
        #expect(outcome.output == "Hi")
        let without = try await Command.run(
            "prompt",
            "list",
            "--url",
            "http://127.0.0.1:\(gateway.port)",
            directory: "/"
        )
        #expect(without.status == 1)
        #expect(without.errors.contains("SLUICE_TOKEN"))
    }

    @Test func aDirectoryIsNoPrompt() async throws {
        let sent = try await Command.shell(
            #"exec "$0" "$@" < /tmp"#,
            "prompt",
            "send",
            "-",
            "--model",
            "m",
            environment: ["SLUICE_TOKEN": "t"]
        )
        #expect(sent.status == 1)
        #expect(sent.errors.contains("tandard input"))
    }

    @Test func anAddressThatIsNoneIsBlamedOnTheURL() async throws {
        let sent = try await Command.run("prompt", "list", "--url", "ftp://h", environment: ["SLUICE_TOKEN": "t"])
        #expect(sent.status == 1)
        #expect(sent.errors.contains("--url") && !sent.errors.contains("running"))
    }

    @Test func theFirstTokenIsMadeOnceAndIsPrivate() async throws {
        let home = try Home()
        let file = home.path + "/.sluice-token"
        let first = try await Gateway.start(in: home, ["--first-token", file])
        let token = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(try await first.send("GET", "/v1/prompts", token: token).status == 200)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(await first.stop() == 0)
        try FileManager.default.removeItem(atPath: file)
        let second = try await Gateway.start(in: home, ["--first-token", file])
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(second.log.contains("token create"))
    }

    @Test func deadJobsAreRedrivenByIdAndByFilter() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        var dead: [String] = []
        for _ in 0..<3 {
            let id = try await gateway.prompt(model: "stub-error-content-filter", token: token)
            #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "dead")
            dead.append(id)
        }
        let filter = ["--model", "stub-error-content-filter", "--since", "1h", "--data", gateway.home.data]
        let dry = try Command(["job", "redrive", "--dry-run"] + filter)
        #expect(await dry.ended() == 0)
        #expect(Set(dry.output.all) == Set(dead))
        let one = try await Command.run(
            "job",
            "redrive",
            dead[0],
            "--to-model",
            "stub-echo",
            "--data",
            gateway.home.data
        )
        #expect(one.output == dead[0])
        #expect(try await gateway.end(of: dead[0], token: token)[key: "response"]?.string == "Hello")
        let rest = try Command(["job", "redrive", "--to-model", "stub-echo"] + filter)
        #expect(await rest.ended() == 0)
        #expect(Set(rest.output.all) == Set(dead.dropFirst()))
        for id in dead.dropFirst() {
            #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        }
        let again = try await Command.run("job", "redrive", dead[0], "--data", gateway.home.data)
        #expect(again.status == 1)
        #expect(again.errors.contains("succeeded"))
    }

    @Test func aRedriveThatMakesNoSenseTouchesNothing() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "stub-error-content-filter", token: token)
        #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "dead")
        let data = ["--data", gateway.home.data]
        for (arguments, word) in [
            (["--class", "invalidModel", "--to-model", "nobody"], "nobody"),
            (["--class", "serfer"], "malformedResponse"),
            (["--class", "serfer", "--dry-run"], "malformedResponse"),
        ] {
            let command = try Command(["job", "redrive"] + arguments + data)
            #expect(await command.ended() == 1, "\(arguments)")
            #expect(command.output.text.isEmpty)
            #expect(command.errors.text.contains(word), "\(command.errors.text)")
        }
        #expect(try await gateway.record(id, token: token)[key: "status"]?.string == "dead")
        let list = try Command(["job", "dead"] + data)
        #expect(await list.ended() == 0)
        #expect(list.output.text.contains("invalidModel") && list.output.text.contains(id))
    }
}
