import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import Testing

/// What happens where only few files may be open.
@Suite(.timeLimit(.minutes(3))) struct FileLimitTests {
    /// Runs the gateway with 200 open files at most.
    private static let few = ["/bin/sh", "-c", #"ulimit -n 200; exec "$@""#, "sh"]

    @Test func callersBeyondTheOpenFilesWaitAndAllAreAnswered() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: "Hi")) }
        let row =
            #"{"name":"one","adapter":"openai-chat","type":"chat","models":["gpt-*"],"baseURL":"\#(provider.url)/v1","#
            + #""credential":{"env":"LOOPBACK_KEY"},"concurrency":1000}"#
        let gateway = try await Gateway.start(
            in: Home(#"{"version": 1, "providers": [\#(row)]}"#),
            environment: ["LOOPBACK_KEY": UpstreamTests.key],
            under: Self.few
        )
        #expect(gateway.log.contains("Only 200 files may be open"))
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-queued", token: token)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let body = SDKStand.chat("gpt-\(number)", isStream: false)
                    return try await gateway.send("POST", "/v1/chat/completions", token: token, body: body).status
                }
            }
            _ = await gateway.process.logs("as many connections are open as there are files for")
            // Nobody is accepted now, which costs nothing, and operators get in.
            let (cpu, clock) = (try Self.cpuTime(of: gateway), ContinuousClock().now)
            for _ in 0..<10 { #expect(try await Command.run("token", "list", "--data", gateway.home.data).status == 0) }
            let share = (try Self.cpuTime(of: gateway) - cpu) / clock.duration(to: ContinuousClock().now)
            #expect(share < 0.5, "a loop that spins takes a whole processor")
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 300 && answers.allSatisfy { $0 == 200 })
        #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        #expect(provider.requests.count == 301)
        #expect(gateway.log.components(separatedBy: "as many connections are open").count == 2)
    }

    @Test func whoeverKeepsAConnectionOpenMakesRoomForOthers() async throws {
        let gateway = try await Gateway.start(in: Home(), ["--idle-timeout", "10m"], under: Self.few)
        let request = Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        let port = gateway.port
        let statuses = try await Blocking.run {
            var kept: [RawConnection] = []
            return try (0..<250).map { _ in
                let connection = try RawConnection(port: port)
                kept.append(connection)
                connection.send(request)
                return try connection.answer().status
            }
        }
        #expect(statuses == Array(repeating: 200, count: 250))
    }

    /// The processor time that the gateway has had (proc_pid_stat(5)).
    private static func cpuTime(of gateway: Gateway) throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(gateway.process.pid)/stat", encoding: .utf8)
        // Behind the name, which may hold anything, the state and what follows it.
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        let ticks = try #require(Int(fields[11])) + #require(Int(fields[12]))
        return .milliseconds(ticks * 1000 / sysconf(Int32(_SC_CLK_TCK)))
    }
}
