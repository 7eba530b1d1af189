import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What `sluice top` shows of what runs.
@Suite("The top", .timeLimit(.minutes(2)))
struct TopTests {
    @Test("shows how all stands, and the jobs that have asked for longest, the longest first")
    func slowest() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: "Hi")) }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let token = try await gateway.token()
        var ids: [String] = []
        for number in 1...3 {
            ids.append(try await gateway.prompt("Nobody's business \(number)", model: "gpt-4o-mini", token: token))
            _ = await provider.requests(atLeast: number)
        }
        let asked = try await Command.run("top", "--count", "1", "--json", "--data", home.data)
        let runs = try Document(Array(asked.output.utf8)).root[key: "slowest"]?.elements ?? []
        #expect(runs.map { $0[key: "id"]?.string } == ids)
        #expect(runs.allSatisfy { $0[key: "row"]?.string == "loopback" && $0[key: "runningSeconds"]?.integer != nil })
        let shown = try await Command.run("top", "--count", "2", "--data", home.data)
        #expect(shown.status == 0 && ids.allSatisfy { shown.output.contains($0) })
        #expect(shown.output.contains("ready") && !shown.output.contains("business"))
        gate.open()
        for id in ids { _ = try await gateway.end(of: id, token: token) }
        let after = try await Command.run("top", "--count", "1", "--json", "--data", home.data)
        #expect(try Document(Array(after.output.utf8)).root[key: "slowest"]?.elements.isEmpty == true)
        #expect(await gateway.stop() == 0)
        let stopped = try await Command.run("top", "--count", "1", "--data", home.data)
        #expect(stopped.status == 1 && stopped.errors.contains("nothing to watch"))
    }
}
