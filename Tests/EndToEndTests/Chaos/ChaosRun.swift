import Foundation
import Glibc
import SluiceTesting

/// One run of the chaos: providers whose moods change, callers of several owners, one of whom sends poison; then all is well,
/// and what is queued must drain.
struct ChaosRun: Sendable {
    let seed: UInt64
    /// How long the moods change.
    let length: Duration
    private let book = ChaosBook()
    private let weather: [ChaosRow: ChaosWeather]

    private static let clients = 16
    /// So long after the last mood everything has ended: the longest rest, the call that ends it, and the backlog.
    ///
    /// A job's own pauses double, so that the last one is no longer than all before.
    private var longestDrain: Duration { .seconds(90) + length }

    init(seed: UInt64, length: Duration) {
        self.seed = seed
        self.length = length
        weather = Dictionary(
            uniqueKeysWithValues: ChaosRow.allCases.map { ($0, ChaosWeather(seed: seed, row: $0, until: length)) }
        )
    }

    /// Plays it and judges it.
    func play() async throws -> (ChaosVerdict, ChaosReport) {
        var providers: [ChaosProvider] = []
        for (index, row) in ChaosRow.allCases.enumerated() {
            let port = try FreePort.find(from: 20_000 + Int(seed % 5000) + index * 1000)
            let weather = weather[row] ?? ChaosWeather([])
            providers.append(try await ChaosProvider.start(row, port: port, seed: seed, weather, book))
        }
        let home = try Home()
        let keyFile = home.path + "/key"
        try home.write(ChaosRow.alpha.keys[1], to: keyFile)
        let rows = providers.map { $0.row.json(port: $0.port, keyFile: keyFile) }
        try home.write(providers: #"{"version": 1, "providers": [\#(rows.joined(separator: ",\n"))]}"#)
        let gateway = try await Gateway.start(
            in: home,
            // The providers' keys come back quickly, and so do the callers.
            ["--credential-probe", "1s", "--call-patience", "2s", "--log-level", "warning"],
            environment: environment
        )
        do {
            var tokens: [String] = []
            for owner in 0..<ChaosPrompt.owners { tokens.append(try await gateway.token("owner-\(owner)")) }
            try await storm(providers, port: gateway.port, tokens)
            let calm = book.now
            try await drain(port: gateway.port, tokens)
            let drained = book.now - calm
            let verdict = try await judge(port: gateway.port, tokens)
            guard await gateway.stop() == 0 else {
                throw HarnessError("the gateway did not stop in order: \(gateway.process.errors.text)")
            }
            for provider in providers { await provider.leave() }
            let judged = try await Command.run("check", "--data", home.data)
            guard judged.status == 0 else {
                throw HarnessError("sluice check ended with \(judged.status): \(judged.output) \(judged.errors)")
            }
            return (verdict, ChaosReport(verdict, seed: seed, drain: drained))
        } catch {
            home.keep()
            throw HarnessError("seed \(seed), \(length), data kept in \(home.path): \(error)")
        }
    }

    /// The keys, and which guard the gateway does without, if any.
    private var environment: [String: String] {
        var environment = Dictionary(uniqueKeysWithValues: ChaosRow.allCases.map { ($0.variable, $0.keys[0]) })
        environment["SLUICE_WITHOUT"] = ProcessInfo.processInfo.environment["SLUICE_WITHOUT"]
        return environment
    }

    private func client(_ number: Int, port: Int, _ tokens: [String]) -> ChaosClient {
        let token = tokens[number % ChaosPrompt.owners]
        return ChaosClient(number: number, seed: seed, port: port, token: token, book: book)
    }

    /// Until every mood is over.
    private func storm(_ providers: [ChaosProvider], port: Int, _ tokens: [String]) async throws {
        let end = weather.values.map(\.end).max() ?? length
        try await withThrowingTaskGroup(of: Void.self) { group in
            for provider in providers { group.addTask { try await provider.run() } }
            for number in 1...ChaosRun.clients {
                group.addTask { try await Blocking.run { client(number, port: port, tokens).run(until: end) } }
            }
            try await group.waitForAll()
        }
    }

    /// Waits until every job has ended.
    private func drain(port: Int, _ tokens: [String]) async throws {
        let end = book.now + longestDrain
        try await Blocking.run {
            let clients = (0..<ChaosPrompt.owners).map { client($0, port: port, tokens) }
            for (owner, id) in book.open {
                while book.now < end, try !clients[owner].read(id, of: owner, waiting: 5) {}
            }
        }
    }

    private func judge(port: Int, _ tokens: [String]) async throws -> ChaosVerdict {
        try await Blocking.run {
            let clients = (0..<ChaosPrompt.owners).map { client($0, port: port, tokens) }
            let ends = try clients.map { try $0.list() }
            var jobs = book.jobs
            for index in jobs.indices {
                let prompt = ChaosPrompt(seed: seed, number: jobs[index].prompt)
                jobs[index].end = ends[prompt.owner][jobs[index].id]
                if jobs[index].end?.status == "dead" || prompt.model.rows.count == 1 {
                    jobs[index].attempts = try clients[prompt.owner].attempts(of: jobs[index].id)
                }
            }
            var history = ChaosHistory(weather: weather, calls: book.calls, jobs: jobs, answers: book.answers) {
                ChaosPrompt(seed: seed, number: $0)
            }
            history.ends = ends.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            var verdict = ChaosVerdict(history)
            for fault in book.faults { verdict.note(fault.kind, fault.prompt, fault.sentence) }
            return verdict
        }
    }
}
