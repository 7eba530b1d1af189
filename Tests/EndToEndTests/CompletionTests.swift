import Foundation
import SluiceTesting
import Testing

/// What Bash completes, and what the manual says.
@Suite("Completions and the manual", .timeLimit(.minutes(2)))
struct CompletionTests {
    /// Completes the last word of a line as Bash does.
    private static let script = """
        source /dev/stdin <<< "$("$SLUICE_BINARY" completion bash)"
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
        _sluice "$1" "${@: -1}" "${@: -2:1}"
        printf '%s\n' "${COMPREPLY[@]}"
        """

    private static func completed(_ words: String..., home: Home) async throws -> Set<String> {
        let folder = URL(filePath: Command.sluice).deletingLastPathComponent().path(percentEncoded: false)
        let command = try Command(
            ["-c", script, "bash", "sluice"] + words,
            program: "/bin/bash",
            environment: [
                "SLUICE_BINARY": Command.sluice, "SLUICE_DATA": home.data, "PATH": "\(folder):/usr/bin:/bin",
            ]
        )
        _ = await command.ended()
        return Set(command.output.text.split(separator: "\n").map(String.init))
    }

    @Test("a shell is told the words of a status, a class and a scope, and the names that the server has")
    func words() async throws {
        let home = try Home(
            #"""
            {"version": 1, "providers": [
              {"name": "local", "adapter": "stub", "type": ["chat"], "models": ["stub-echo", "other-*"]}]}
            """#
        )
        let gateway = try await Gateway.start(in: home)
        _ = try await gateway.token("team-a")
        #expect(
            try await Self.completed("job", "list", "--status", "", home: home)
                == ["queued", "running", "succeeded", "dead", "cancelled"]
        )
        #expect(try await Self.completed("job", "dead", "--class", "perm", home: home) == ["permission"])
        #expect(
            try await Self.completed("token", "create", "--scope", "usage", home: home) == [
                "usage:read", "usage:owner",
            ]
        )
        #expect(try await Self.completed("job", "list", "--model", "", home: home) == ["stub-echo"])
        #expect(try await Self.completed("provider", "pause", "", home: home) == ["local"])
        #expect(try await Self.completed("owner", "show", "te", home: home) == ["team-a"])
        #expect(await gateway.stop() == 0)
        // Where nothing serves, a shell has no names, and no error in its line.
        #expect(try await Self.completed("job", "list", "--model", "", home: home) == [])
    }

    @Test("a name with what a shell would run in it is not completed, and not run")
    func hostileNames() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let trap = home.path + "/trap"
        for name in ["$(touch${IFS}\(trap))", "`touch \(trap)`", "-rf", "a b"] {
            _ = try await Command.run("owner", "create", "--data", home.data, "--", name)
        }
        _ = try await gateway.token("honest")
        #expect(try await Self.completed("owner", "show", "", home: home) == ["honest"])
        #expect(!FileManager.default.fileExists(atPath: trap))
        #expect(await gateway.stop() == 0)
    }

    @Test("a page of the manual names every flag that --help names, for each command")
    func manual() async throws {
        let home = try Home()
        let written = try await Command.run("manual", home.path + "/man/man1")
        #expect(written.status == 0)
        let files = written.output.split(separator: "\n").map(String.init)
        #expect(files.contains { $0.hasSuffix("/sluice.1") } && files.contains { $0.hasSuffix("/sluice-job.1") })
        var checked = 0
        for file in files {
            let page = try String(contentsOfFile: file, encoding: .utf8)
            let name = URL(filePath: file).deletingPathExtension().lastPathComponent
            var words = name.split(separator: "-").map(String.init)
            words.removeFirst()
            let help = try await Command.run(Array(words) + ["--help"]).output
            for command in [[]] + (words.isEmpty ? [] : Self.commands(in: help)) {
                let help = try await Command.run(words + command + ["--help"]).output
                let flags = Set(help.matches(of: #/--[a-z][a-z-]*/#).map { String($0.output) })
                // What a page names stands with its hyphens escaped.
                let missing = flags.filter { !page.contains($0.replacing("-", with: "\\-")) }
                #expect(missing.isEmpty, "\(name) \(command)")
                checked += flags.count
            }
        }
        #expect(checked > 200)
    }

    /// The commands that a help lists, each as the words that name it.
    private static func commands(in help: String) -> [[String]] {
        guard let list = help.range(of: "SUBCOMMANDS:\n") else { return [] }
        return help[list.upperBound...].split(separator: "\n").compactMap { line in
            guard line.hasPrefix("  "), !line.hasPrefix("   "), let word = line.split(separator: " ").first else {
                return nil
            }
            return word == "help" ? nil : [String(word)]
        }
    }

    @Test("a manual that can't be written says where")
    func unwritable() async throws {
        let written = try await Command.run("manual", "/proc/nowhere/man1")
        #expect(written.status == 1 && written.errors.contains("/proc/nowhere/man1"))
    }
}
