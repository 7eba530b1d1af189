import SluiceJSON
import SluiceProvider
import SluiceTypes

/// The native API, seen by a caller.
struct PromptClient {
    private let base: String
    private let token: Secret
    private let client: HTTPClient

    init(url: String, token: Secret, transport: any Transport) {
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
        client = HTTPClient(transport: transport)
    }

    /// Sends one request.
    ///
    /// - Throws: ``Failure`` with the gateway's sentence, or what to do when there was no answer.
    func send(
        _ method: String,
        _ path: [String],
        query: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        prefer: String? = nil,
        key: String? = nil
    ) async throws -> Document {
        guard !path.contains("") else { throw Failure.emptyName }
        let fields = [("Prefer", prefer), ("Idempotency-Key", key)]
        let reply: Reply
        do {
            reply = try await client.send(
                method: method,
                url: base + path.map { "/" + PercentEncoding.encode($0) }.joined() + PercentEncoding.query(query),
                headers: fields.compactMap { name, value in value.map { HeaderField(name, $0) } },
                body: body,
                secret: SecretHeader(name: "Authorization", prefix: "Bearer ", secret: token)
            )
        } catch let error as TransportError {
            throw failure(error)
        }
        return try reply.checked()
    }

    private func failure(_ error: TransportError) -> Failure {
        switch error.kind {
        case .refused: Failure("The call can't be made (\(error)): correct --url, or the token.")
        case .answerTooLarge: Failure("The answer of \(base) is too large (\(error)): ask for less, as with --limit.")
        default: Failure("\(base) did not answer (\(error)): is the gateway running, and is --url right?")
        }
    }

    /// The record of a prompt once it has ended.
    ///
    /// - Throws: as `send`.
    func end(of id: String) async throws -> Document {
        while true {
            let record = try await send("GET", ["v1", "prompts", id], prefer: "wait=60")
            let status = record.root[key: "status"]?.string
            if status != "queued" && status != "running" { return record }
        }
    }
}
