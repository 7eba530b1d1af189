import Foundation
import LoopbackProvider
import SluiceJSON
import Testing

/// A gateway, and a provider behind it that counts.
///
/// With `SLUICE_DIRECT=1` there is no gateway, and callers speak to the provider: so these tests are themselves tested,
/// and what a caller has without a gateway can be seen.
final class SDKStand: Sendable {
    /// The models that the provider was asked for more than once.
    var askedTwice: [String] {
        let asked = provider.requests.map { (try? Document($0.body))?.root[key: "model"]?.string ?? "?" }
        return Dictionary(grouping: asked) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }

    static let isDirect = ProcessInfo.processInfo.environment["SLUICE_DIRECT"] == "1"

    /// The provider's keys; those of their own are refused, or have no quota left.
    static let keys = [UpstreamTests.key, "sk-refused", "sk-poor"]

    /// What names them to the gateway.
    static let environment = ["LOOPBACK_KEY": keys[0], "REFUSED_KEY": keys[1], "POOR_KEY": keys[2]]

    /// The names that the list of models shows.
    static let listed = ["gpt-hello", "gpt-echo", "text-hello", "embed-small"]

    let provider: LoopbackProvider
    let gateway: Gateway?
    let token: String

    /// Starts both; `rows` are the provider's rows in the providers file, without what all of them share.
    init(
        _ rows: [Row] = Row.all,
        arguments: [String] = [],
        _ script: @escaping LoopbackProvider.Script = SDKProvider.script()
    ) async throws {
        provider = try await LoopbackProvider.start(script)
        guard !SDKStand.isDirect else {
            (gateway, token) = (nil, UpstreamTests.key)
            return
        }
        let url = provider.url
        let texts = rows.map { $0.json(at: url) }.joined(separator: ",\n")
        let home = try Home(#"{"version": 1, "providers": [\#(texts)]}"#)
        let gateway = try await Gateway.start(in: home, arguments, environment: SDKStand.environment)
        token = try await gateway.token()
        self.gateway = gateway
    }

    /// The port that callers speak to.
    var port: Int { gateway?.port ?? provider.port }

    /// Runs a program of `Tests/python` against the gateway.
    func run(_ program: String, _ arguments: String...) async throws -> Python.Seen {
        try await Python.run(program, arguments, at: "http://127.0.0.1:\(port)", key: token)
    }

    /// Runs a program of `Tests/python` against the provider itself.
    func runDirectly(_ program: String, _ arguments: String...) async throws -> Python.Seen {
        try await Python.run(program, arguments, at: provider.url, key: UpstreamTests.key)
    }

    /// The provider's requests for a model, as JSON.
    func requests(_ model: String) throws -> [JSONValue] {
        try provider.requests.filter { $0.method == "POST" }
            .map { try Document($0.body).root }
            .filter { $0[key: "model"]?.string == model }
    }

    /// The gateway; a test that is about nothing else is given up where there is none.
    func needGateway() throws -> Gateway {
        guard let gateway else { try Test.cancel("There is no gateway with SLUICE_DIRECT=1.") }
        return gateway
    }
}

extension SDKStand {
    /// A row of the providers file.
    struct Row: Sendable {
        var name: String
        var adapter = "openai-chat"
        var type = "chat"
        var models: String
        var key = "LOOPBACK_KEY"
        /// More fields, with a comma before each.
        var more = ""

        func json(at url: String) -> String {
            #"""
            {"name": "\#(name)", "adapter": "\#(adapter)", "type": "\#(type)", "models": ["\#(models)"],
             "baseURL": "\#(url)/v1", "credential": {"env": "\#(key)"}, "concurrency": 256\#(more)}
            """#
        }
    }
}
