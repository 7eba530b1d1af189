import LoopbackProvider
import SluiceJSON
import Synchronization

/// A gateway with a row for each fault, all of them at one provider that fails the first call of each in its way.
///
/// A row of its own, since some faults close the row for all of its jobs.
final class FaultStand: Sendable {
    let gateway: Gateway
    let provider: LoopbackProvider
    let token: String
    /// The job of each fault.
    let ids: [String]
    private let counts: Counts

    /// Starts both, and sends a prompt to each row; `prompt` is added to all of them.
    init(_ faults: [ProviderFault], prompt: String = "") async throws {
        let counts = Counts()
        provider = try await LoopbackProvider.start { request, _ in
            guard let index = Self.index(in: request.body), index < faults.count else { return .openAIError(400) }
            return counts.add(index) == 1 ? faults[index].reply : .chat(text: "Good")
        }
        let url = provider.url
        let rows = faults.enumerated().map { index, fault in
            #"""
            {"name": "row-\#(index)", "adapter": "openai-chat", "type": "chat", "models": ["gpt-\#(index)"],
             "baseURL": "\#(url)/v1", "credential": {"env": "LOOPBACK_KEY"}\#(fault.row)}
            """#
        }
        let home = try Home(#"{"version": 1, "providers": [\#(rows.joined(separator: ", "))]}"#)
        gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        token = try await gateway.token()
        var ids: [String] = []
        for index in faults.indices {
            ids.append(try await gateway.prompt(model: "gpt-\(index)", token: token, prompt))
        }
        self.ids = ids
        self.counts = counts
    }

    /// How often the provider was asked for a fault's job.
    func calls(_ index: Int) -> Int { counts.of(index) }

    private static func index(in body: [UInt8]) -> Int? {
        (try? Document(body))?.root[key: "model"]?.string.flatMap { Int($0.dropFirst("gpt-".count)) }
    }
}

private final class Counts: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    func add(_ index: Int) -> Int {
        counts.withLock { counts in
            counts[index, default: 0] += 1
            return counts[index, default: 0]
        }
    }

    func of(_ index: Int) -> Int { counts.withLock { $0[index] ?? 0 } }
}
