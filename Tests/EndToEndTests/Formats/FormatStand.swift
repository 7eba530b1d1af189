import LoopbackProvider
import SluiceJSON
import SluiceTesting

/// A gateway that may be killed and started again, and a provider behind it that speaks every format of a chat.
final class FormatStand: Sendable {
    /// Answers a request in the format of its path; the number counts the requests for one model from 1.
    typealias Script = @Sendable (_ format: ChatFormat, _ model: String, _ number: Int, _ isStream: Bool) -> Reply

    let provider: LoopbackProvider
    let home: Home
    let token: String
    /// The first life.
    let gateway: Gateway

    private static let quick = ["--keep-alive", "1s", "--early-headers", "1s"]

    init(other: (@Sendable (RecordedRequest) -> Reply)? = nil, _ script: @escaping Script) async throws {
        let counts = NameCounts()
        provider = try await LoopbackProvider.start { request, _ in
            guard request.method == "POST", let format = ChatFormat(path: request.path),
                let root = (try? Document(request.body))?.root, let model = root[key: "model"]?.string
            else { return other?(request) ?? .openAIError(404) }
            return script(format, model, counts.next(model), root[key: "stream"]?.boolean == true)
        }
        home = try Home(FormatStand.providers(at: provider.url))
        gateway = try await Gateway.start(in: home, FormatStand.quick, environment: SDKStand.environment)
        token = try await gateway.token()
    }

    /// A file with one row for each format; its models begin with the format's name.
    static func providers(at url: String) -> String {
        let rows = ChatFormat.allCases.map { format in
            SDKStand.Row(name: format.rawValue, adapter: format.adapter, models: "\(format.rawValue)-*").json(at: url)
        }
        return #"{"version": 1, "providers": [\#(rows.joined(separator: ",\n"))]}"#
    }

    /// Another life over the same data.
    func restarted() async throws -> Gateway {
        try await Gateway.start(in: home, FormatStand.quick, environment: SDKStand.environment)
    }
}
