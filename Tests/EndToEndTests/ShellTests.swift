import Foundation
import SluiceJSON
import Testing

/// What a shell may do to a command: full disks, closed descriptors, readers that leave.
@Suite(.timeLimit(.minutes(2))) struct ShellTests {
    private static func served() async throws -> Home {
        let home = try Home()
        #expect(await (try await Gateway.start(in: home)).stop() == 0)
        return home
    }

    private static func tokens(_ home: Home) async throws -> [JSONValue] {
        let list = try await Command.run("token", "list", "--json", "--data", home.data)
        return try Document(Array(list.output.utf8)).root[key: "tokens"]?.elements ?? []
    }

    @Test(arguments: [[], ["--json"]])
    func aTokenThatNobodyCouldReadIsNamedSoThatItCanBeRevoked(more: [String]) async throws {
        let home = try await Self.served()
        let line = ["token", "create", "--name", "full", "--data", home.data] + more
        let made = try Command(["-c", #"exec "$0" "$@" > /dev/full"#, Command.sluice] + line, program: "/bin/sh")
        #expect(await made.ended() == 1)
        let id = try #require(try await Self.tokens(home).first?[key: "id"]?.string)
        #expect(made.errors.text.contains("sluice token revoke \(id)"))
        let rotated = try await Command.shell(
            #"exec "$0" "$@" > /dev/full"#,
            "token",
            "rotate",
            id,
            "--data",
            home.data
        )
        #expect(rotated.status == 1)
        let successor = try #require(try await Self.tokens(home).last?[key: "id"]?.string)
        #expect(successor != id && rotated.errors.contains("sluice token revoke \(successor)"))
    }

    @Test func whatCantBePrintedIsAFailure() async throws {
        let home = try await Self.served()
        _ = try await home.token()
        let check = ["provider", "check", "--providers", home.providers]
        for line in [["token", "list", "--data", home.data], ["token", "list", "--json", "--data", home.data], check] {
            let process = try Command(
                ["-c", #"exec "$0" "$@" > /dev/full"#, Command.sluice] + line,
                program: "/bin/sh"
            )
            #expect(await process.ended() == 1)
            #expect(process.errors.text.contains("Standard output"))
        }
    }

    @Test func aReaderWhoHasEnoughIsNotTold() async throws {
        let home = try await Self.served()
        _ = try await home.token()
        // The reader closes the pipe and only then lets the writer begin.
        let script = #"""
            mkfifo "$GO"
            { read -r _ < "$GO"; "$0" "$@"; echo "status $?" >&2; } | { exec <&-; echo > "$GO"; }
            """#
        let outcome = try await Command.shell(
            script,
            "token",
            "list",
            "--data",
            home.data,
            environment: ["GO": home.path + "/go"]
        )
        #expect(outcome.errors == "status 1")
    }

    @Test func aTokenForAClosedStandardOutputIsNamedToo() async throws {
        let home = try await Self.served()
        let made = try await Command.shell(
            #"exec "$0" "$@" <&- >&-"#,
            "token",
            "create",
            "--name",
            "closed",
            "--data",
            home.data
        )
        #expect(made.status == 1)
        #expect(made.errors.contains("sluice token revoke"))
        #expect(try await Self.tokens(home).count == 1)
    }

    @Test func aServerOpensNothingInThePlaceOfAClosedDescriptor() async throws {
        let home = try Home()
        let own = ["serve", "--port", "0", "--data", home.data, "--providers", home.providers]
        let line = own + ["--first-token", home.path + "/token"]
        let gateway = try Command(["-c", #"exec "$0" "$@" <&- >&-"#, Command.sluice] + line, program: "/bin/sh")
        // The store is open by then.
        #expect(await gateway.logs("The first API token") != nil)
        for descriptor in [0, 1] {
            let link = "/proc/\(gateway.pid)/fd/\(descriptor)"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/null")
        }
    }
}
