/// The bytes of the requests that a run sends.
package enum Request {
    /// `POST` with a JSON body of about 300 bytes.
    ///
    /// `delaySeconds` holds the job back, so that accepting alone is measured; nil lets it run at once.
    package static func prompt(port: UInt16, token: String, model: String, delaySeconds: Int?) -> [UInt8] {
        let hold = delaySeconds.map { ",\"delaySeconds\":\($0)" } ?? ""
        let text = String(repeating: "What is a recipe for a tiramisu? ", count: 6)
        let body =
            "{\"type\":\"chat\",\"model\":\"\(model)\",\"prompt\":\"\(text)\","
            + "\"systemMsg\":\"You are the best chef in the world\",\"randomness\":0.7,\"maxToken\":1000\(hold)}"
        let head =
            "POST /v1/prompts HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// How a call of the OpenAI surface is to be answered.
    package enum Manner: Sendable {
        /// With one object.
        case whole
        /// With a stream, usage included.
        case stream
        /// With a stream that the upstream leaves open until it is told to go on.
        case held
        /// With a stream in which the upstream says nothing for a while, and then reasons.
        case reasoning

        /// What the upstream tells it by.
        var model: String {
            switch self {
            case .whole, .stream: "bench"
            case .held: "bench-held"
            case .reasoning: "bench-reasoning"
            }
        }
    }

    /// `POST /v1/chat/completions` with a JSON body of about 350 bytes.
    package static func chat(port: UInt16, token: String, _ manner: Manner) -> [UInt8] {
        let text = String(repeating: "What is a recipe for a tiramisu? ", count: 5)
        let stream = manner == .whole ? "" : ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"
        let body =
            "{\"model\":\"\(manner.model)\",\"messages\":["
            + "{\"role\":\"system\",\"content\":\"You are the best chef in the world\"},"
            + "{\"role\":\"user\",\"content\":\"\(text)\"}],\"temperature\":0.7,\"max_tokens\":1000\(stream)}"
        let head =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// What tells the upstream to go on with the streams that it holds.
    package static func release(port: UInt16) -> [UInt8] {
        Array("POST /release HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 0\r\n\r\n".utf8)
    }

    private static let path = "GET /v1/prompts/"

    /// Where a job's id stands in ``job(port:token:)``.
    static let jobPlace = path.utf8.count

    /// `GET` of one job, its id still to be written in.
    static func job(port: UInt16, token: String) -> [UInt8] {
        let id = String(repeating: "0", count: JobList.width)
        let head = "\(path)\(id) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n\r\n"
        return Array(head.utf8)
    }
}
