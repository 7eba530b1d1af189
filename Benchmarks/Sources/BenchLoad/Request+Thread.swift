extension Request {
    /// `POST /v1/responses` with a text of so many bytes, perhaps as the next turn of a thread.
    ///
    /// - Parameters:
    ///   - port: where it goes on 127.0.0.1.
    ///   - token: the caller's.
    ///   - bytes: how long the text is.
    ///   - previous: the response that it continues; nil for a first turn.
    ///   - isBackground: whether nobody waits for the answer.
    /// - Returns: the request's bytes.
    package static func turn(
        port: UInt16,
        token: String,
        bytes: Int,
        after previous: String?,
        isBackground: Bool = false
    ) -> [UInt8] {
        let sentence = "What is a recipe for a tiramisu? "
        let text = String(repeating: sentence, count: bytes / sentence.utf8.count)
        let previous = previous.map { #","previous_response_id":"\#($0)""# } ?? ""
        let body =
            #"{"model":"bench-responses","input":"\#(text)"\#(previous)\#(isBackground ? #","background":true"# : "")}"#
        let head =
            "POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// `GET` of a response.
    package static func response(_ id: String, port: UInt16, token: String) -> [UInt8] {
        Array(
            "GET /v1/responses/\(id) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8
        )
    }
}
