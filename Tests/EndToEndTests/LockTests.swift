import Foundation
import SluiceJSON
import Testing

/// Another program that has the database of a running gateway open.
@Suite(.timeLimit(.minutes(2))) struct LockTests {
    /// Runs `statement` and keeps its transaction until it is asked to end.
    private static func holder(_ home: Home, _ statement: String) async throws -> Command {
        let script = """
            import signal, sqlite3, sys
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            for statement in sys.argv[2].split(";"): database.execute(statement).fetchall()
            print("held", flush=True)
            signal.sigwait([signal.SIGTERM])
            database.close()
            """
        let command = try Command(["-c", script, "\(home.data)/sluice.db", statement], program: "/usr/bin/python3")
        guard await command.says("held") != nil else { throw HarnessError(command.errors.text) }
        return command
    }

    @Test(arguments: ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
    func whoeverKeepsTheWriterWaitingIsNamed(statement: String) async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        let holder = try await LockTests.holder(home, statement)
        async let first = gateway.prompt(token: token)
        async let second = gateway.prompt(token: token)
        let line = try #require(await gateway.process.logs("another program has locked the database"))
        #expect(line.contains("(pid \(holder.pid)), writing"), "\(line)")
        #expect(line.contains("python3"), "\(line)")
        holder.signal(SIGTERM)
        #expect(await holder.ended() == 0)
        // What waited was only late.
        for id in [try await first, try await second] {
            #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        }
        #expect(await gateway.stop() == 0)
        #expect(gateway.process.errors.all.count { $0.contains("has locked the database") } == 1)
    }

    @Test func whoeverKeepsTheLogFromBeginningAnewIsNamed() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        let holder = try await LockTests.holder(home, "BEGIN; SELECT count(*) FROM job")
        let large = String(repeating: "x", count: 1_000_000)
        async let line = gateway.process.logs("another program keeps reading the database")
        // Past the 64 MiB at which the WAL begins anew.
        for _ in 0..<72 { _ = try await gateway.prompt(large, token: token, #","delaySeconds":3600"#) }
        let told = try #require(await line)
        #expect(told.contains("(pid \(holder.pid)), reading"), "\(told)")
        holder.signal(SIGTERM)
        #expect(await holder.ended() == 0)
        #expect(await gateway.stop() == 0)
    }

    @Test func whoeverKeepsAStartFromItsWALIsNamed() async throws {
        let home = try Home()
        let first = try await Gateway.start(in: home)
        _ = try await first.prompt(token: try await first.token(), #","delaySeconds":3600"#)
        let holder = try await LockTests.holder(home, "BEGIN; SELECT count(*) FROM job")
        first.process.signal(SIGKILL)
        _ = await first.process.ended()
        let second = try Command(["serve", "--port", "0", "--data", home.data, "--providers", home.providers])
        #expect(await second.ended() == 1)
        let said = second.errors.text
        #expect(said.contains("another program has") && said.contains("(pid \(holder.pid)), reading"), "\(said)")
        holder.signal(SIGTERM)
        _ = await holder.ended()
    }
}
