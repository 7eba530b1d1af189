import Glibc
import LoopbackProvider
import SluiceTesting

/// One directory's share of the kill loop: its lives, and the reckoning at the end.
struct CrashRound: Sendable {
    let seed: UInt64
    let cycles: Int
    let server: CrashServer
    let ledger: CrashLedger
    let book: CrashCallBook
    let stage = CrashStage()
    let provider: CrashProvider
    let tokens: [String]

    private static let clients = 16
    /// Of those who speak the formats' own surfaces.
    private static let callClients = 6
    /// Everything is looked at after each so many kills; what is newest, and the file, after each one.
    private static let checkEvery = 10

    /// Makes the directory, plays all lives, and tells what they came to.
    ///
    /// - Throws: ``HarnessError`` that names the seed, the cycle and the job of the first contradictions; the directory
    ///   stays then.
    static func play(seed: UInt64, cycles: Int) async throws -> CrashReport {
        let provider = CrashProvider()
        let loopback = try await provider.start(seed: seed)
        let home = try Home(providers(at: loopback.url))
        do {
            let port = try FreePort.find(from: 20_000 + Int(seed % 9000))
            let server = CrashServer(home: home, port: port, arguments: [])
            let first = try await server.startReady()
            var tokens: [String] = []
            for name in ["one", "two", "stranger", "calls"] { tokens.append(try await home.token(name)) }
            first.signal(SIGKILL)
            _ = await first.ended()
            let ledger = CrashLedger()
            let round = CrashRound(
                seed: seed,
                cycles: cycles,
                server: server,
                ledger: ledger,
                book: CrashCallBook(ledger: ledger),
                provider: provider,
                tokens: tokens
            )
            let report = try await round.play()
            await loopback.stop()
            return report
        } catch {
            home.keep()
            await loopback.stop()
            throw HarnessError("seed \(seed), \(cycles) cycles, data kept in \(home.path): \(error)")
        }
    }

    private static func providers(at url: String) -> String {
        let rows = [(ChatFormat.chat, "gpt-*"), (.messages, "messages-*"), (.responses, "responses-*")].map {
            #"""
            {"name": "\#($0.rawValue)", "adapter": "\#($0.adapter)", "type": "chat", "models": ["\#($1)"],
             "baseURL": "\#(url)/v1", "credential": {"env": "LOOPBACK_KEY"}, "concurrency": 32}
            """#
        }
        return #"{"version": 1, "providers": [\#(rows.joined(separator: ",\n"))]}"#
    }

    private func play() async throws -> CrashReport {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...CrashRound.clients {
                group.addTask { try await Blocking.run { client(number).run() } }
            }
            for number in 1...CrashRound.callClients {
                group.addTask { try await Blocking.run { callClient(1000 + number).run() } }
            }
            do {
                var dice = SeededRandom(seed: seed)
                for cycle in 1...cycles { try await live(cycle, &dice) }
                let last = try await server.startReady()
                stage.begin(isLast: true)
                try await group.waitForAll()
                try await settle()
                let report = try await reckon()
                guard await last.stopped(by: SIGTERM) == 0 else {
                    throw HarnessError("the last life did not stop in order: \(last.errors.text)")
                }
                // The gateway's own judgement of its store, which must not be milder than ours.
                let judged = try await Command.run("check", "--data", server.home.data)
                guard judged.status == 0 else {
                    throw HarnessError("sluice check ended with \(judged.status): \(judged.output) \(judged.errors)")
                }
                return report
            } catch {
                stage.close()
                throw error
            }
        }
    }

    func client(_ number: Int) -> CrashClient {
        let caller = CrashCaller(port: server.port, tokens: tokens, stage: stage)
        return CrashClient(number: number, seed: seed, ledger: ledger, stage: stage, caller: caller)
    }

    func callClient(_ number: Int) -> CrashCallClient {
        let caller = CrashCaller(port: server.port, tokens: tokens, stage: stage)
        return CrashCallClient(number: number, seed: seed, book: book, stage: stage, caller: caller)
    }

    // MARK: Lives

    /// One life and its death.
    private func live(_ cycle: Int, _ dice: inout SeededRandom) async throws {
        let (kind, span, more) = (
            Int.random(in: 0..<100, using: &dice), Int.random(in: 50...500, using: &dice),
            Int.random(in: 0...100, using: &dice)
        )
        if kind < 10 {
            // Killed while it starts.
            let life = try server.start()
            try await Task.sleep(for: .milliseconds(more / 2))
            _ = await life.stopped(by: SIGKILL)
        } else {
            let life = try await server.startReady()
            if cycle % CrashRound.checkEvery == 0 { try await lookAtAll() }
            stage.begin()
            try await Task.sleep(for: .milliseconds(span))
            if kind < 20 {
                // Killed while it stops.
                life.signal(SIGTERM)
                try await Task.sleep(for: .milliseconds(more))
            }
            let status = await life.stopped(by: SIGKILL)
            let isExpected = status == 128 + SIGKILL || (kind < 20 && status == 0)
            if !isExpected {
                throw HarnessError("cycle \(cycle): it ended by itself with \(status): \(life.errors.text)")
            }
        }
        let path = server.database
        let faults = try await Blocking.run { try CrashFile.faults(at: path) }
        for fault in faults { ledger.note(.wrong, "-", "the file has \(fault)") }
        try check("cycle \(cycle)")
    }

    /// - Throws: ``HarnessError`` when anything has contradicted anything.
    private func check(_ place: String) throws {
        let faults = ledger.faults
        guard !faults.isEmpty else { return }
        let lines = faults.prefix(10).map(\.description).joined(separator: "\n")
        throw HarnessError("\(place): \(faults.count) contradictions, the first of them:\n\(lines)")
    }

    // MARK: Reckoning

    /// Reads every job of both owners, while nobody else asks.
    private func lookAtAll() async throws {
        let stage = CrashStage()
        stage.begin(isLast: true)
        try await Blocking.run {
            let caller = CrashCaller(port: server.port, tokens: tokens, stage: stage)
            for owner in [0, 1] {
                let before = ledger.entries
                ledger.sawAll(try CrashList.read(caller, owner: owner), of: owner, seed: seed, since: before)
            }
        }
    }

    /// Brings every job to its end: those that are not due for long are cancelled, the others waited for.
    private func settle() async throws {
        try await lookAtAll()
        try await share(ledger.open) { client, entry in
            if entry.prompt.due == .far { try client.cancel(entry.id) }
            while let now = ledger.look(entry.id), now.end == nil, ledger.faults.isEmpty {
                _ = try client.read(entry.id, waiting: 5)
            }
        }
    }

    private func reckon() async throws -> CrashReport {
        try await lookAtAll()
        let calls = provider.calls
        let unclear = ledger.entries.values.filter {
            $0.deletion == .none && !$0.isPlain(calls: calls[$0.prompt.number] ?? 0)
        }
        try await share(unclear) { client, entry in try client.readAttempts(entry.id) }
        let sample = ledger.entries.values.prefix(200)
        try await share(Array(sample)) { client, entry in try client.readAsStranger(entry.id) }
        try await shareCalls()
        let verdict = ledger.judge(calls: calls)
        if provider.strange > 0 { ledger.note(.wrong, "-", "the provider was asked what nobody had sent") }
        try check("the end")
        return CrashReport(
            seed: seed,
            crashes: cycles,
            acknowledged: ledger.acknowledged,
            calledTwice: verdict.calledTwice,
            calledTwiceByCrash: verdict.calledTwiceByCrash,
            calls: calls.values.reduce(0, +),
            ends: verdict.ends
        )
    }

    /// Holds what the callers of the formats' own surfaces were told against what is found, on a few threads at once.
    private func shareCalls() async throws {
        let (backgrounds, waited) = (book.backgrounds, book.waited)
        let threads = 8
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    try await Blocking.run {
                        let client = callClient(2000 + thread)
                        for known in stride(from: thread, to: backgrounds.count, by: threads).map({ backgrounds[$0] }) {
                            try client.settle(known) { provider.calls[known.prompt.number] ?? 0 }
                        }
                        for call in stride(from: thread, to: waited.count, by: threads).map({ waited[$0] }) {
                            try client.settle(call) { provider.calls[call.prompt.number] ?? 0 }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let ends = Dictionary(grouping: book.backgrounds.compactMap(\.end)) { $0 }.mapValues(\.count)
        print(
            "calls: \(waited.count) waited for, \(waited.count(where: \.wasSuccess)) answered; in the background \(ends)"
        )
    }

    /// Does something with each of `entries`, on a few threads at once.
    private func share(
        _ entries: [CrashLedger.Entry],
        _ body: @escaping @Sendable (CrashClient, CrashLedger.Entry) throws -> Void
    ) async throws {
        let threads = 8
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    try await Blocking.run {
                        let client = client(100 + thread)
                        for index in stride(from: thread, to: entries.count, by: threads) {
                            try body(client, entries[index])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension Command {
    /// Sends a signal and returns how the process ended.
    func stopped(by number: Int32) async -> Int32 {
        signal(number)
        return await ended()
    }
}
