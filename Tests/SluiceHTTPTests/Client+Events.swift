import HTTPTypes

extension Client {
    /// The head of a request for a job's events.
    func eventsRequest(_ id: String, after event: String? = nil, method: String = "GET") -> String {
        let last = event.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        return "\(method) /v1/prompts/\(id)/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(last)\r\n"
    }

    /// All events from the beginning or behind one, to the stream's end, as they came.
    func events(_ id: String, after event: String? = nil) async throws -> String {
        var headers: HTTPFields = [:]
        if let event { headers = .one("Last-Event-ID", event) }
        return try await send(.get, "/v1/prompts/\(id)/events", nil, headers).text
    }
}
