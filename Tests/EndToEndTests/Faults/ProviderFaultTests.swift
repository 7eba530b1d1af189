import LoopbackProvider
import SluiceJSON
import Testing

/// Each fault of a provider leads to its transition, and none to a success.
@Suite(.timeLimit(.minutes(2))) struct ProviderFaultTests {
    @Test(arguments: ProviderFault.Group.all)
    func aFaultLeadsToItsTransition(_ group: ProviderFault.Group) async throws {
        let stand = try await FaultStand(group.faults)
        for (index, fault) in group.faults.enumerated() {
            let id = stand.ids[index]
            let record = try await stand.gateway.end(of: id, token: stand.token)
            let attempts = try await Self.attempts(of: id, stand.gateway, stand.token)
            // What the provider said first is nowhere: neither in the record, nor as the attempt's success.
            let first = try #require(attempts.first, "\(fault.name)")
            #expect(first[key: "outcome"]?.string == fault.outcome, "\(fault.name)")
            #expect(first[key: "errorClass"]?.string == fault.errorClass, "\(fault.name)")
            #expect(first[key: "httpStatus"]?.integer == fault.status.map(Int64.init), "\(fault.name)")
            #expect(record[key: "possiblyCharged"]?.boolean == (fault.outcome == "unknown"), "\(fault.name)")
            switch fault.next {
            case .retry, .wait:
                #expect(record[key: "status"]?.string == "succeeded", "\(fault.name)")
                #expect(record[key: "response"]?.string == "Good", "\(fault.name)")
                #expect(attempts.map { $0[key: "outcome"]?.string } == [fault.outcome, "ok"], "\(fault.name)")
                #expect(stand.calls(index) == 2, "\(fault.name)")
            case .dead:
                #expect(record[key: "status"]?.string == "dead", "\(fault.name)")
                #expect(record[key: "response"]?.isNull == true, "\(fault.name)")
                #expect(record[key: "error"]?[key: "class"]?.string == fault.errorClass, "\(fault.name)")
                #expect(attempts.count == 1, "\(fault.name)")
                #expect(stand.calls(index) == 1, "\(fault.name)")
            }
            let expected: Int64 = fault.next == .retry ? 1 : 0
            #expect(try await Self.failures(of: id, stand.gateway) == expected, "\(fault.name)")
        }
        let paths = stand.provider.requests.map(\.path)
        #expect(paths.allSatisfy { $0 == "/v1/chat/completions" }, "something was followed")
    }

    /// Where the provider may have done its work, the job's policy decides whether it is asked again.
    @Test func anUnknownOutcomeIsNotRepeatedAgainstTheJobsPolicy() async throws {
        let faults = ProviderFault.Group.all.flatMap(\.faults).filter { $0.outcome == "unknown" }
        let stand = try await FaultStand(faults, prompt: #","onUnknown":"deadLetter""#)
        #expect(faults.count > 8)
        for (index, fault) in faults.enumerated() {
            let record = try await stand.gateway.end(of: stand.ids[index], token: stand.token)
            #expect(record[key: "status"]?.string == "dead", "\(fault.name)")
            #expect(record[key: "error"]?[key: "class"]?.string == fault.errorClass, "\(fault.name)")
            #expect(record[key: "possiblyCharged"]?.boolean == true, "\(fault.name)")
            #expect(stand.calls(index) == 1, "\(fault.name)")
        }
    }

    @Test func aProviderThatDoesNotListenLeavesAQueueAndChargesNobody() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await UpstreamTests.gateway(provider)
        await provider.stop()
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token, #","onUnknown":"deadLetter""#)
        var attempts: [JSONValue] = []
        while attempts.count < 2 || attempts.last?[key: "outcome"]?.isNull == true {
            _ = try await gateway.send("GET", "/v1/prompts/\(id)", token: token, headers: ["Prefer": "wait=1"])
            attempts = try await Self.attempts(of: id, gateway, token)
        }
        #expect(attempts.allSatisfy { $0[key: "outcome"]?.string == "deferred" })
        #expect(attempts.allSatisfy { $0[key: "errorClass"]?.string == "network" })
        let record = try await gateway.send("GET", "/v1/prompts/\(id)", token: token).json()
        #expect(record[key: "status"]?.string == "queued")
        #expect(record[key: "possiblyCharged"]?.boolean == false)
        #expect(try await Self.failures(of: id, gateway) == 0)
        let body = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"x"}]}"#
        let call = try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: ["Content-Type": "application/json"],
            body: body
        )
        #expect(call.status == 503)
        #expect(call["Retry-After"] != nil)
        #expect(call["x-sluice-possibly-charged"] == nil)
    }

    /// The limit closes the connection; the provider is not read to its end, and nothing of it is kept.
    @Test func anEndlessAnswerIsClosedAndNotStored() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .endless(String(repeating: "endless", count: 2000)) }
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let record = try await gateway.end(of: id, token: token)
        for connection in 0..<2 { await provider.closed(connection: connection) }
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "error"]?[key: "class"]?.string == "malformedResponse")
        #expect(try gateway.home.storedBytes().count < 4 << 20)
    }

    private static func attempts(of id: String, _ gateway: Gateway, _ token: String) async throws -> [JSONValue] {
        let answer = try await gateway.send("GET", "/v1/prompts/\(id)/attempts", token: token).json()
        return answer[key: "attempts"]?.elements ?? []
    }

    private static func failures(of id: String, _ gateway: Gateway) async throws -> Int64? {
        let shown = try await Command.run("job", "show", id, "--json", "--data", gateway.home.data)
        return try Document(Array(shown.output.utf8)).root[key: "failures"]?.integer
    }
}
