import HTTPTypes
import Hummingbird

/// Which web pages' scripts may call the gateway, and what browsers are told of it.
///
/// Source: the Fetch standard, section 3.3 (HTTP-CORS protocol).
struct CrossOrigin: Sendable {
    /// Scheme, host and port, as browsers send them; empty for no page at all.
    let origins: Set<String>

    /// Header fields that a script may send, by their beginnings where these end in `-`.
    private static let sendable = [
        "authorization", "content-type", "content-encoding", "idempotency-key", "prefer", "last-event-id", "x-api-key",
        "api-key", "x-request-id", "x-session-id", "x-sluice-", "x-stainless-", "openai-", "anthropic-",
    ]
    private static let readable = [
        "x-request-id", "request-id", "x-should-retry", "x-sluice-job", "x-sluice-model", "x-sluice-row",
        "x-sluice-dropped", "x-sluice-upstream", "x-sluice-waiting-for", "x-sluice-possibly-charged",
        "x-sluice-token-expires", "location", "retry-after", "retry-after-ms", "preference-applied",
        "idempotency-replayed", "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests",
        "x-ratelimit-reset-tokens",
    ].joined(separator: ", ")
    private static let methods = "GET, POST, DELETE"
    /// How long a browser need not ask again, in seconds.
    private static let memory = "600"

    /// What belongs on every answer to a request from `origin`; nil for one that names none.
    func fields(for origin: String?) -> [(name: HTTPField.Name, value: String)] {
        guard !origins.isEmpty else { return [] }
        guard let origin, origins.contains(origin) else { return [(.vary, "Origin")] }
        return [
            (.vary, "Origin"), (.accessControlAllowOrigin, origin), (.accessControlExposeHeaders, CrossOrigin.readable),
        ]
    }

    /// The answer to a browser that asks before it calls; nil for any other request.
    func preflight(_ request: HTTPRequest) -> Response? {
        guard !origins.isEmpty, request.method == .options, let origin = request.headerFields[.origin],
            request.headerFields[.accessControlRequestMethod] != nil
        else { return nil }
        // Whose origin is not allowed learns nothing but that.
        guard origins.contains(origin) else { return Response(status: .noContent) }
        var response = Response(status: .noContent)
        response.headers[.accessControlAllowMethods] = CrossOrigin.methods
        response.headers[.accessControlMaxAge] = CrossOrigin.memory
        let wanted = (request.headerFields[.accessControlRequestHeaders] ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        let allowed = wanted.filter(CrossOrigin.mayBeSent)
        if !allowed.isEmpty { response.headers[.accessControlAllowHeaders] = allowed.joined(separator: ", ") }
        return response
    }

    private static func mayBeSent(_ name: String) -> Bool {
        sendable.contains { $0.hasSuffix("-") ? name.hasPrefix($0) : name == $0 }
    }
}
