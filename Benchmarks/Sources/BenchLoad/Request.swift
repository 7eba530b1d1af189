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
