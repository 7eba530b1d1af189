import Glibc
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct SignalTests {
    @Test(arguments: [SIGUSR1, SIGUSR2])
    func aSignalThatMeansNothingIsToldAndEndsNothing(signal: Int32) async throws {
        let gateway = try await Gateway.start(in: Home())
        gateway.process.signal(signal)
        _ = await gateway.process.logs("a signal that means nothing here")
        #expect(try await gateway.send("GET", "/readyz").status == 200)
        #expect(await gateway.stop() == 0)
    }

    @Test(arguments: [SIGQUIT, SIGINT]) func aQuitIsAnOrderlyStop(signal: Int32) async throws {
        let gateway = try await Gateway.start(in: Home())
        #expect(await gateway.stop(signal) == 0)
        #expect(gateway.log.contains("stopped"))
    }

    @Test func aHangupBeforeAnybodyListensEndsNothing() async throws {
        // The signal comes as soon as the program has begun, of which a broken pipe's signal tells, ignored from then on, and
        // after those that mean nothing: long before it waits for signals.
        let script = #"""
            (while :; do
                while read -r name mask; do
                    [[ $name == SigIgn: && $mask == *[13579bdf]??? ]] && kill -HUP $$ && exit
                done < /proc/$$/status
            done) &
            exec "$@"
            """#
        let line = ["-c", script, "sh"]
        let gateway = try await Gateway.start(in: Home(), under: ["/bin/bash"] + line)
        #expect(try await gateway.send("GET", "/readyz").status == 200)
    }

    @Test func theAccessLogTellsWhoAskedForWhat() async throws {
        let gateway = try await Gateway.start(
            in: Home(),
            ["--access-log", "--log-format", "json", "--log-level", "info"]
        )
        let token = try await gateway.token()
        let id = try await gateway.prompt(token: token)
        let line = try #require(await gateway.process.logs(#""route":"/v1/prompts""#))
        let root = try Document(Array(line.utf8)).root
        #expect(root[key: "job"]?.string == id)
        #expect(root[key: "token"]?.string.map { token.contains("slc_\($0)_") } == true)
        #expect(root[key: "owner"]?.string?.hasPrefix("own_") == true)
        #expect(root[key: "status"]?.integer == 202 && root[key: "durationMs"]?.number != nil)
        #expect(!gateway.log.contains(token))
        // The start has its line too.
        #expect(gateway.log.contains(#""message":"sluice is ready""#) && gateway.log.contains(#""rows":1"#))
    }

    @Test func aLogThatNobodyReadsStopsNothing() async throws {
        let line = ["-c", #"exec "$@" 2> >(exec sleep 15)"#, "sh"]
        let gateway = try await Gateway.start(in: Home(), under: ["/bin/bash"] + line)
        let token = try await gateway.token()
        // Far more than a pipe holds, and than waits in memory for it.
        for _ in 0..<1000 { #expect(try await gateway.send("GET", "/healthz").status == 200) }
        #expect(try await gateway.send("GET", "/readyz").status == 200)
        let id = try await gateway.prompt(token: token)
        #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        #expect(try await Command.run("token", "list", "--data", gateway.home.data).status == 0)
        #expect(await gateway.stop() == 0)
    }
}
