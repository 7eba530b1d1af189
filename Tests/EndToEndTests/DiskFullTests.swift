import Foundation
import LoopbackProvider
import SluiceJSON
import Synchronization
import Testing

/// A disk of 36 MB, 20 of them taken, that is filled while the gateway serves, and given room again, under one process.
@Suite(.timeLimit(.minutes(2))) struct DiskFullTests {
    /// Where the room comes from.
    enum Relief: String, Sendable, CaseIterable {
        case aLargerDisk, aDeletedFile
    }

    /// Answers of this size find no room where not even a short prompt does.
    private static let heldAnswer = String(repeating: "held ", count: 20_000)
    private static let heldCount = 4

    @Test(arguments: Relief.allCases)
    func whatWasAcknowledgedIsKeptAndServiceResumes(_ relief: Relief) async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: Self.heldAnswer))
        }
        let home = try Home(Home.openAI(at: provider.url))
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: true)
        guard let disk = try await SmallDisk(at: home.data, megabytes: 36) else {
            Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
            return
        }
        let ballast = home.data + "/ballast"
        // The room it gives back is enough for a start after a kill: the WAL written anew, and what it holds in the database.
        try home.write(String(repeating: "b", count: 20 << 20), to: ballast)
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let gateway = try await Gateway.start(in: home, environment: environment)
        let token = try await gateway.token()
        var held: [String] = []
        for number in 0..<Self.heldCount {
            held.append(try await gateway.prompt("Held \(number)", model: "gpt-4o-mini", token: token))
        }
        _ = await provider.requests(atLeast: Self.heldCount)

        // 1. Callers go on until nothing fits any more.
        let kept = try await Self.fill(gateway, token)
        #expect(kept.count > 10)
        try await Self.untilReady(is: 503, gateway)

        // An operator is told, by all that he may ask.
        let status = try await Command.run("status", "--data", home.data)
        #expect(status.status == 1 && status.output.contains("no: the store takes nothing"), "\(status.output)")
        let doctor = try await Command.run("doctor", "--data", home.data)
        #expect(doctor.status == 1 && doctor.output.contains("bad"), "\(doctor.output) \(doctor.errors)")
        #expect(doctor.output.contains("tmpfs is memory"))

        // 2. Answers arrive, and find no room; all that is stored can be read.
        gate.open()
        let told = await gateway.process.logs("settle")
        #expect(told?.contains("it is tried again") == true, "\(told ?? "nothing")")
        try await Self.expect(kept, in: gateway, token)
        #expect(try await gateway.send("GET", "/healthz").status == 200)
        for id in held { #expect(try await gateway.record(id, token: token)[key: "status"]?.string == "running") }
        let refused = try await Self.post(1, "late", gateway, token)
        #expect(refused.status == 507 || refused.status == 503)
        #expect(refused["Retry-After"] != nil)

        // 3. There is room.
        switch relief {
        case .aLargerDisk: try await disk.grow(to: 76)
        case .aDeletedFile: try FileManager.default.removeItem(atPath: ballast)
        }
        #expect(try await Self.post(1, "after", gateway, token).status == 202)
        try await Self.untilReady(is: 200, gateway)
        for id in held {
            let record = try await gateway.end(of: id, token: token)
            #expect(record[key: "response"]?.string == Self.heldAnswer)
            #expect(record[key: "attempts"]?.integer == 1)
            #expect(record[key: "possiblyCharged"]?.boolean == false)
        }
        #expect(provider.requests.count == Self.heldCount, "an answer that had arrived was asked for again")
        try await Self.expect(kept, in: gateway, token)

        // 4. It is the same process still, and the next one has it all too.
        #expect(await gateway.stop(SIGKILL) == 128 + SIGKILL)
        let next = try await Gateway.start(in: home, environment: environment)
        try await Self.expect(kept, in: next, token)
        for id in held { #expect(try await next.record(id, token: token)[key: "response"]?.string == Self.heldAnswer) }
        #expect(await next.stop() == 0)
    }

    @Test func whatIsSetAsideLetsPromptsBeDeleted() async throws {
        let home = try Home()
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: true)
        guard let disk = try await SmallDisk(at: home.data, megabytes: 40) else {
            Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
            return
        }
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        let reserve = home.data + "/reserve"
        #expect(try Self.size(of: reserve) == 16 << 20)

        // 1. Callers go on until nothing fits any more; then what is set aside is given back, and they get none of it.
        let kept = try await Self.fill(gateway, token)
        #expect(await gateway.process.logs("what was set aside is given back") != nil)
        #expect(try Self.size(of: reserve) == 0)
        #expect(try await Self.post(1, "late", gateway, token).status == 507)

        // 2. Prompts can be deleted, and a token revoked, though nothing else is taken.
        let ids = kept.keys.sorted()
        let first = try #require(ids.first)
        try await Self.delete(first, gateway, token)
        #expect(try await gateway.record(first, token: token)[key: "prompt"]?.string == nil)

        // 3. Room that deletions make is room for prompts again.
        for id in ids.dropFirst(2) { try await Self.delete(id, gateway, token) }
        while try await Self.post(1, "after", gateway, token).status != 202 { try Task.checkCancellation() }
        #expect(try Self.size(of: reserve) == 16 << 20)
        #expect(await gateway.stop() == 0)
        withExtendedLifetime(disk) {}
    }

    /// Another program takes the disk while the gateway is away, with the reserve in place or when that was spent before.
    @Test(arguments: [true, false]) func aStartOnAFullDiskReads(hasReserve: Bool) async throws {
        let home = try Home()
        try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: true)
        guard let disk = try await SmallDisk(at: home.data, megabytes: 48) else {
            Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
            return
        }
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token()
        let id = try await gateway.prompt("Kept", token: token, #","delaySeconds":3600"#)
        #expect(await gateway.stop(SIGKILL) == 128 + SIGKILL)
        if !hasReserve { try home.write("", to: home.data + "/reserve") }
        let ballast = home.data + "/ballast"
        try home.write(String(repeating: "b", count: try Self.free(at: home.data) - (256 << 10)), to: ballast)

        let next = try await Gateway.start(in: home)
        #expect(try await next.record(id, token: token)[key: "prompt"]?.string == "Kept")
        #expect(try await next.send("GET", "/readyz").status == 503)
        #expect(try await Self.post(1, "late", next, token).status == 507)
        if hasReserve { try await Self.delete(id, next, token) }
        // It takes prompts when there is room.
        try FileManager.default.removeItem(atPath: ballast)
        while try await Self.post(1, "after", next, token).status != 202 { try Task.checkCancellation() }
        #expect(await next.stop() == 0)
        withExtendedLifetime(disk) {}
    }

    private static func free(at path: String) throws -> Int {
        let facts = try FileManager.default.attributesOfFileSystem(forPath: path)
        return try #require(facts[.systemFreeSize] as? Int)
    }

    private static func size(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }

    private static func delete(_ id: String, _ gateway: Gateway, _ token: String) async throws {
        let cancelled = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        let deleted = try await gateway.send("DELETE", "/v1/prompts/\(id)", token: token)
        #expect((cancelled.status, deleted.status) == (200, 204), "\(cancelled.text) \(deleted.text)")
    }

    /// Four callers send ever shorter prompts until even a short one is refused again and again.
    ///
    /// Returns what was acknowledged: the prompts by their ids.
    private static func fill(_ gateway: Gateway, _ token: String) async throws -> [String: String] {
        try await withThrowingTaskGroup(of: [String: String].self) { group in
            for caller in 0..<4 {
                group.addTask {
                    var kept: [String: String] = [:]
                    for size in [200_000, 20_000, 1] {
                        var refusals = 0
                        while refusals < 5 {
                            let word = "\(caller)-\(kept.count)"
                            let answer = try await post(size, word, gateway, token)
                            if answer.status == 202 {
                                let id = try #require(try answer.json()[key: "id"]?.string)
                                kept[id] = prompt(size, word)
                                refusals = 0
                            } else {
                                refusals += 1
                                #expect(answer.status == 507 || answer.status == 503, "\(answer.text)")
                                let isHelpful = answer.text.contains("made room") || answer.text.contains("try again")
                                #expect(isHelpful, "\(answer.text)")
                                guard let id = kept.keys.randomElement() else { continue }
                                #expect(try await gateway.record(id, token: token)[key: "prompt"]?.string == kept[id])
                            }
                        }
                    }
                    return kept
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
        }
    }

    private static func prompt(_ size: Int, _ word: String) -> String {
        "\(word) " + String(repeating: "x", count: size)
    }

    private static func post(_ size: Int, _ word: String, _ gateway: Gateway, _ token: String) async throws -> Answer {
        let body = #"{"type":"chat","model":"stub-echo","prompt":"\#(prompt(size, word))","delaySeconds":3600}"#
        return try await gateway.send("POST", "/v1/prompts", token: token, body: body)
    }

    private static func expect(_ kept: [String: String], in gateway: Gateway, _ token: String) async throws {
        for (id, prompt) in kept {
            let record = try await gateway.record(id, token: token)
            #expect(record[key: "prompt"]?.string == prompt, "job \(id)")
        }
    }

    /// Asks until the answer is that; what was found a moment ago may still be told.
    private static func untilReady(is status: Int, _ gateway: Gateway) async throws {
        while try await gateway.send("GET", "/readyz").status != status { try Task.checkCancellation() }
    }
}
