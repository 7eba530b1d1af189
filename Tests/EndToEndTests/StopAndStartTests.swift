import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct StopAndStartTests {
    @Test func aKilledServerFindsItsPromptsAgainAndRunsTheInterruptedOneAgain() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 0 ? .silence : .chat(text: "Again") }
        let home = try Home(Home.openAI(at: provider.url, #","concurrency":1"#))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, environment: environment)
        let token = try await first.token()
        let running = try await first.prompt("Running", model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        let queued = try await first.prompt("Queued", model: "gpt-4o-mini", token: token)
        #expect(await first.stop(SIGKILL) == 128 + SIGKILL)

        let second = try await Gateway.start(in: home, environment: environment)
        let record = try await second.end(of: running, token: token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "response"]?.string == "Again")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
        #expect(try await second.end(of: queued, token: token)[key: "possiblyCharged"]?.boolean == false)
        let attempts = try await second.send("GET", "/v1/prompts/\(running)/attempts", token: token).json()
        #expect(attempts[key: "attempts"]?.elements.map { $0[key: "outcome"]?.string } == ["interrupted", "ok"])
    }

    @Test func aSecondServerOnTheSameDirectoryIsRefusedInASentence() async throws {
        let gateway = try await Gateway.start(in: Home())
        let second = try await Command.run(
            "serve",
            "--port",
            "0",
            "--data",
            gateway.home.data,
            "--providers",
            gateway.home.providers
        )
        #expect(second.status == 1)
        #expect(second.errors.contains(gateway.home.data))
        #expect(second.errors.contains("pid \(gateway.process.pid)"))
        #expect(try await gateway.send("GET", "/healthz").status == 200)
    }

    @Test func aSecondServerIsRefusedThoughTheLockWasDeleted() async throws {
        let gateway = try await Gateway.start(in: Home())
        try FileManager.default.removeItem(atPath: gateway.home.data + "/lock")
        let line = ["serve", "--port", "0", "--data", gateway.home.data, "--providers", gateway.home.providers]
        let second = try Command(line)
        #expect(await second.ended() == 1)
        #expect(second.errors.text.contains("that file was deleted"))
        // The first one has noticed: who deletes its lock may do more.
        _ = await gateway.process.logs("was deleted, moved or replaced")
    }

    @Test func aDataDirectoryThatIsTakenAwayIsNoticedBeforeAnybodyIsPromisedAnything() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        _ = try await gateway.prompt(token: token)
        try FileManager.default.removeItem(atPath: gateway.home.data)
        _ = await gateway.process.logs("was deleted, moved or replaced")
        #expect(try await gateway.send("GET", "/readyz").status == 503)
        let body = #"{"type":"chat","model":"stub-echo","prompt":"x"}"#
        let refused = try await gateway.send("POST", "/v1/prompts", token: token, body: body)
        #expect(refused.status == 503, "\(refused.text)")
        #expect(try await gateway.send("GET", "/healthz").status == 200)
    }

    @Test func aPortInUseIsRefusedBeforeAnyPromptIsSent() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let first = try await UpstreamTests.gateway(provider)
        let token = try await first.token()
        _ = try await first.prompt(model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        #expect(await first.stop(SIGKILL) == 128 + SIGKILL)

        let other = try await Gateway.start(in: Home())
        let home = first.home
        let second = try Command(
            ["serve", "--port", String(other.port), "--data", home.data, "--providers", home.providers],
            environment: ["LOOPBACK_KEY": UpstreamTests.key]
        )
        #expect(await second.ended() == 1)
        #expect(second.errors.all.count == 1, "\(second.errors.text)")
        #expect(second.errors.text.contains("127.0.0.1:\(other.port)") && second.errors.text.contains("--port"))
        #expect(provider.requests.count == 1)
    }

    @Test func aTakenPortIsTheOnlyThingSaidAndNothingIsTouched() async throws {
        let other = try await Gateway.start(in: Home())
        let port = String(other.port)
        // Neither the file's faults nor the warning of an open address is heard of.
        let fresh = try Home("{}")
        let line = ["serve", "--port", port, "--data", fresh.data, "--providers", fresh.providers]
        for more in [[], ["--host", "0.0.0.0"], ["--first-token", fresh.path + "/token"]] {
            let start = try Command(line + more)
            #expect(await start.ended() == 1)
            #expect(start.errors.all.count == 1, "\(start.errors.text)")
            #expect(start.errors.text.contains(":\(port) is in use") && start.errors.text.contains("--port"))
            #expect(start.output.text.isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fresh.path) == ["providers.json"])

        // A store that is there stays as it is, to the byte and the moment.
        let used = try await Gateway.start(in: Home())
        _ = try await used.token()
        #expect(await used.stop() == 0)
        let home = used.home
        func facts() throws -> [String: [String]] {
            let keys: [FileAttributeKey] = [.systemFileNumber, .posixPermissions, .size]
            let names = try FileManager.default.contentsOfDirectory(atPath: home.data) + [""]
            return try names.reduce(into: [:]) { facts, name in
                let found = try FileManager.default.attributesOfItem(atPath: home.data + "/" + name)
                let moment = (found[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate
                facts[name] = keys.map { "\(found[$0] ?? "")" } + ["\(moment ?? 0)"]
            }
        }
        let (before, bytes) = (try facts(), try home.storedBytes())
        let start = try Command(["serve", "--port", port, "--data", home.data, "--providers", home.providers])
        #expect(await start.ended() == 1)
        #expect(start.errors.all.count == 1, "\(start.errors.text)")
        #expect(try facts() == before)
        #expect(try home.storedBytes() == bytes)
        #expect(before.count > 2)
    }

    @Test func aStopLetsRunningCallsFinishAndStartsNothingNew() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: "Finished")) }
        let home = try Home(Home.openAI(at: provider.url, #","concurrency":1"#))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, ["--grace", "60s"], environment: environment)
        let token = try await first.token()
        let running = try await first.prompt("Running", model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        let queued = try await first.prompt("Queued", model: "gpt-4o-mini", token: token)
        first.process.signal(SIGTERM)
        _ = await first.process.logs("stopping")
        gate.open()
        #expect(await first.process.ended() == 0)
        #expect(provider.requests.count == 1)

        let second = try await Gateway.start(in: home, environment: environment)
        let record = try await second.end(of: running, token: token)
        #expect(record[key: "response"]?.string == "Finished")
        #expect(record[key: "attempts"]?.integer == 1)
        #expect(record[key: "possiblyCharged"]?.boolean == false)
        #expect(try await second.end(of: queued, token: token)[key: "status"]?.string == "succeeded")
    }

    @Test func whileARunningCallFinishesPromptsCanBeReadAndNewOnesAreRefused() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: "Finished")) }
        let home = try Home(Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, ["--grace", "60s"], environment: environment)
        let token = try await first.token()
        let id = try await first.prompt(model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        first.process.signal(SIGTERM)
        _ = await first.process.logs("stopping")

        let record = try await first.send("GET", "/v1/prompts/\(id)", token: token)
        #expect(record.status == 200)
        #expect(try record.json()[key: "status"]?.string == "running")
        let polled = try await first.send("GET", "/v1/prompts/\(id)", token: token, headers: ["Prefer": "wait=60"])
        #expect(polled.status == 202)
        #expect(try await first.send("GET", "/v1/prompts", token: token).status == 200)
        let body = #"{"type":"chat","model":"gpt-4o-mini","prompt":"Another"}"#
        let refused = try await first.send("POST", "/v1/prompts", token: token, body: body)
        #expect(refused.status == 503)
        #expect(try refused.json()[key: "type"]?.string == "urn:sluice:problem:stopping")
        #expect(refused["Connection"] == "close" && refused["Retry-After"] != nil)
        #expect(try await first.send("GET", "/readyz").status == 503)
        let shown = try await Command.run("job", "show", id, "--data", home.data)
        #expect(shown.status == 0, "\(shown.errors)")

        gate.open()
        #expect(await first.process.ended() == 0)
        let second = try await Gateway.start(in: home, environment: environment)
        #expect(try await second.record(id, token: token)[key: "response"]?.string == "Finished")
        #expect(provider.requests.count == 1)
    }

    @Test func aSecondSignalStopsAtOnce() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let gateway = try await UpstreamTests.gateway(provider, arguments: ["--grace", "1h"])
        let token = try await gateway.token()
        _ = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        gateway.process.signal(SIGTERM)
        _ = await gateway.process.logs("stopping")
        // Signals that follow at once are echoes of the first, so it is asked until it hears.
        let insisting = Task {
            while !Task.isCancelled {
                gateway.process.signal(SIGTERM)
                await Task.yield()
            }
        }
        #expect(await gateway.process.ended() == 1)
        insisting.cancel()
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func duringTheDrainDelayAllIsServedAndASecondSignalLosesNothing(signal: Int32) async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 0 ? .silence : .chat(text: "Again") }
        let home = try Home(Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, ["--drain-delay", "1h"], environment: environment)
        let token = try await first.token()
        let running = try await first.prompt("Running", model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        first.process.signal(signal)
        _ = await first.process.logs("stopping")
        #expect(try await first.send("GET", "/readyz").status == 503)
        #expect(try await first.send("GET", "/healthz").status == 200)
        let drained = try await first.prompt("Drained", model: "gpt-4o-mini", token: token)
        #expect(try await first.end(of: drained, token: token)[key: "response"]?.string == "Again")
        let later = try await first.prompt("Later", token: token, #","delaySeconds":1"#)
        let insisting = Task {
            while !Task.isCancelled {
                first.process.signal(signal)
                await Task.yield()
            }
        }
        #expect(await first.process.ended() == 1)
        insisting.cancel()

        let second = try await Gateway.start(in: home, environment: environment)
        #expect(try await second.record(drained, token: token)[key: "response"]?.string == "Again")
        #expect(try await second.end(of: running, token: token)[key: "response"]?.string == "Again")
        #expect(try await second.end(of: later, token: token)[key: "status"]?.string == "succeeded")
    }

    @Test func aSignalDuringTheStartEndsItSoonAndLosesNothing() async throws {
        let home = try Home()
        let first = try await Gateway.start(in: home)
        let token = try await first.token()
        let kept = try await first.prompt("Kept", token: token, #","delaySeconds":3600"#)
        #expect(await first.stop() == 0)
        for _ in 0..<10 {
            let starting = try Command(["serve", "--port", "0", "--data", home.data, "--providers", home.providers])
            starting.signal(SIGTERM)
            let status = await starting.ended()
            // In order once it listens for signals, as a kill before.
            #expect(status == 0 || status == 128 + SIGTERM, "\(starting.errors.text)")
        }
        let last = try await Gateway.start(in: home)
        #expect(try await last.record(kept, token: token)[key: "prompt"]?.string == "Kept")
    }

    @Test func aStopWhileTheDiskIsFullIsAnOrderlyOne() async throws {
        let home = try Home()
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: true)
        let mount = try Command(
            ["-t", "tmpfs", "-o", "size=8m,mode=0700", "sluice-test", home.data],
            program: "/usr/bin/mount"
        )
        guard await mount.ended() == 0 else {
            Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
            return
        }
        defer { unsafe umount2(home.data, Int32(MNT_DETACH)) }
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            number == 0 ? .hold(until: gate, then: .chat(text: "First")) : .chat(text: "Again")
        }
        try home.write(providers: Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, ["--grace", "1s"], environment: environment)
        let token = try await first.token()
        let running = try await first.prompt("Running", model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        let text = String(repeating: "x", count: 300_000)
        let body = #"{"type":"chat","model":"stub-echo","prompt":"\#(text)","delaySeconds":3600}"#
        var status = 202
        while status == 202 { status = try await first.send("POST", "/v1/prompts", token: token, body: body).status }
        #expect(status == 507 || status == 503)
        // What is left is filled as well, so that not even an answer can be written.
        let filler = unsafe open(home.data + "/filler", O_CREAT | O_WRONLY, 0o600)
        let block = [UInt8](repeating: 0, count: 4096)
        while unsafe write(filler, block, block.count) > 0 {}
        gate.open()
        #expect(await first.stop() == 0)
        #expect(close(filler) == 0)
        try FileManager.default.removeItem(atPath: home.data + "/filler")

        let remount = try Command(["-o", "remount,size=64m", home.data], program: "/usr/bin/mount")
        #expect(await remount.ended() == 0)
        let second = try await Gateway.start(in: home, environment: environment)
        #expect(try await second.end(of: running, token: token)[key: "status"]?.string == "succeeded")
    }

    @Test func whatARunningCallLeftAtTheEndOfTheGraceIsRunAgain() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 0 ? .silence : .chat(text: "Again") }
        let home = try Home(Home.openAI(at: provider.url))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, ["--grace", "0s"], environment: environment)
        let token = try await first.token()
        let id = try await first.prompt(model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        #expect(await first.stop() == 0)
        let second = try await Gateway.start(in: home, environment: environment)
        let record = try await second.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
    }
}
