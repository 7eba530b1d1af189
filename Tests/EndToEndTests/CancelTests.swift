import LoopbackProvider
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct CancelTests {
    @Test func aQueuedPromptThatIsCancelledIsNeverSent() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token, #","delaySeconds":3600"#)
        let cancelled = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(cancelled.status == 200)
        #expect(try cancelled.json()[key: "status"]?.string == "cancelled")
        // A later prompt is sent, so that the earlier one would have been seen.
        let later = try await gateway.prompt("Later", model: "gpt-4o-mini", token: token)
        _ = try await gateway.end(of: later, token: token)
        #expect(provider.requests.map { $0.text.contains("Later") } == [true])
    }

    @Test func aRunningPromptThatIsCancelledClosesItsCall() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let request = try #require(await provider.requests(atLeast: 1).first)
        let cancelled = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(cancelled.status == 200)
        // Hangs, and fails by the time limit, where the call goes on.
        await provider.closed(connection: request.connection)
        try Task.checkCancellation()
        let record = try await gateway.record(id, token: token)
        #expect(record[key: "status"]?.string == "cancelled")
        #expect(record[key: "processStatus"]?.string == "ERROR")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
    }

    @Test func anEndedPromptCannotBeCancelled() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt(token: token)
        _ = try await gateway.end(of: id, token: token)
        let late = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(late.status == 409)
        #expect(try await gateway.record(id, token: token)[key: "status"]?.string == "succeeded")
    }

    @Test func jobsAreCancelledByFilterAndRunningOnesCloseTheirCalls() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let running = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let request = try #require(await provider.requests(atLeast: 1).first)
        let later = #","delaySeconds":3600"#
        let queued = try await [
            gateway.prompt(model: "gpt-4o-mini", token: token, later),
            gateway.prompt(model: "gpt-4o-mini", token: token, later),
        ]
        let other = try await gateway.prompt(token: token, later)
        let data = ["--data", gateway.home.data]
        let filter = ["job", "cancel", "--model", "gpt-4o-mini", "--since", "1h"] + data

        let dry = try Command(filter + ["--dry-run"])
        #expect(await dry.ended() == 0)
        #expect(Set(dry.output.all) == Set(queued + [running]))
        #expect(dry.errors.text.contains("3 would be cancelled"))
        let old = try Command(filter + ["--until", "30m"])
        #expect(await old.ended() == 0)
        #expect(old.output.text.isEmpty && old.errors.text.contains("0 cancelled"))
        #expect(try await gateway.record(running, token: token)[key: "status"]?.string == "running")

        async let waiting = gateway.send(
            "GET",
            "/v1/prompts/\(queued[0])",
            token: token,
            headers: ["Prefer": "wait=60"]
        )
        let rest = try Command(filter + ["--status", "queued"])
        #expect(await rest.ended() == 0)
        #expect(Set(rest.output.all) == Set(queued))
        // Hangs where the waiter is not woken, and fails by the time limit.
        #expect(try await waiting.json()[key: "status"]?.string == "cancelled")
        let all = try Command(filter)
        #expect(await all.ended() == 0)
        #expect(all.output.all == [running])
        // Hangs where the call goes on.
        await provider.closed(connection: request.connection)
        try Task.checkCancellation()
        for id in queued + [running] {
            #expect(try await gateway.record(id, token: token)[key: "status"]?.string == "cancelled")
        }
        #expect(try await gateway.record(other, token: token)[key: "status"]?.string == "queued")
        #expect(provider.requests.count == 1)

        // Without a server the store itself is changed.
        #expect(await gateway.stop() == 0)
        let offline = try Command(["job", "cancel", "--lane", "bulk"] + data)
        #expect(await offline.ended() == 0)
        #expect(offline.output.all == [other])
        let audit = try await Command.run("audit", "--action", "job.cancel", "--json", "--data", gateway.home.data)
        let subjects = try Document(Array(audit.output.utf8)).root[key: "entries"]?.elements.map {
            $0[key: "subject"]?.string
        }
        #expect(Set(subjects ?? []) == Set(queued + [running, other]))
        #expect(subjects?.count == 4)
    }

    @Test func anIdBesideAFilterIsWrongUsage() async throws {
        let both = try await Command.run("job", "cancel", "0192f0c1-2b3c-7d4e-8f50-617283940a1b", "--model", "m")
        #expect(both.status == 64)
        #expect(both.errors.contains("not both"))
        let none = try await Command.run("job", "cancel")
        #expect(none.status == 64)
        #expect(none.errors.contains("--status"))
    }
}
