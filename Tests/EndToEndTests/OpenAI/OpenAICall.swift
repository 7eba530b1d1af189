import SluiceJSON

/// A call to the OpenAI surface on a connection of its own, by a caller who sees every byte and may leave at any time.
///
/// Its calls block: see ``Blocking``.
final class OpenAICall {
    private let connection: RawConnection
    private var wire: [UInt8] = []
    private var hasEnded = false

    /// Sends the call.
    init(
        _ body: String?,
        port: Int,
        token: String,
        path: String = "/v1/chat/completions",
        headers: [String: String] = [:],
        window: Int32? = nil
    ) throws {
        connection = try RawConnection(port: port, window: window)
        var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close", "Authorization": "Bearer \(token)"]
        if let body {
            fields["Content-Length"] = String(body.utf8.count)
            fields["Content-Type"] = "application/json"
        }
        let lines = fields.merging(headers) { $1 }.map { "\($0.key): \($0.value)\r\n" }.joined()
        connection.send(Array("\(body == nil ? "GET" : "POST") \(path) HTTP/1.1\r\n\(lines)\r\n\(body ?? "")".utf8))
    }

    /// Reads until `isEnough`, or to the end.
    func read(until isEnough: (StreamSeen) -> Bool) throws -> StreamSeen {
        while !hasEnded {
            try take()
            if let seen = StreamSeen(wire), isEnough(seen) { return seen }
        }
        return try whole()
    }

    /// Reads to the end.
    func readAll() throws -> StreamSeen {
        while !hasEnded { try take() }
        return try whole()
    }

    private func take() throws {
        let bytes = try connection.more()
        wire += bytes
        hasEnded = bytes.isEmpty
    }

    private func whole() throws -> StreamSeen {
        guard var seen = StreamSeen(wire) else {
            throw HarnessError("closed after \(wire.count) bytes, without an answer")
        }
        seen.wasReset = connection.wasReset
        return seen
    }
}

extension SDKStand {
    /// A body for a chat.
    static func chat(_ model: String, _ text: String = "Hello", isStream: Bool = true) -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}],"stream":\#(isStream)}"#
    }

    /// A chat to its end.
    func chat(_ model: String, _ text: String = "Hello", isStream: Bool = true) async throws -> StreamSeen {
        let (port, token, body) = (port, token, SDKStand.chat(model, text, isStream: isStream))
        return try await Blocking.run { try OpenAICall(body, port: port, token: token).readAll() }
    }

    /// What became of a job, and its events, once it has ended.
    func fate(of id: String) async throws -> (record: JSONValue, events: StreamSeen) {
        let gateway = try needGateway()
        let record = try await gateway.end(of: id, token: token)
        let (port, token) = (port, token)
        let events = try await Blocking.run {
            try OpenAICall(nil, port: port, token: token, path: "/v1/prompts/\(id)/events").readAll()
        }
        return (record, events)
    }
}
