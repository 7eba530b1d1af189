import LoopbackProvider
import Testing

/// One way in which a provider can fail, and what must become of the attempt and of its job: the table "What a failure
/// costs" of `docs/jobs.md`, fault by fault.
struct ProviderFault: Sendable {
    /// What the gateway does next.
    enum Next: Sendable {
        /// Tries once more, and counts a failure.
        case retry
        /// Waits until the provider's time is over, and counts nothing.
        case wait
        /// Gives the job up after one call, and counts nothing.
        case dead
    }

    var name: String
    var reply: Reply
    var outcome = "failed"
    var errorClass: String
    /// The status of the answer; nil where none came.
    var status: Int?
    var next = Next.retry
    /// What the provider's row says beside the rest.
    var row = ""

    /// Faults of one kind.
    struct Group: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var faults: [ProviderFault]

        static let all = [
            Group(testDescription: "connections", faults: connections),
            Group(testDescription: "timeouts", faults: timeouts),
            Group(testDescription: "framings", faults: framings),
            Group(testDescription: "contents", faults: contents),
            Group(testDescription: "statuses", faults: statuses),
            Group(testDescription: "refusals", faults: refusals),
        ]
    }

    /// The connection dies: nobody knows what the provider did.
    static let connections = [
        ProviderFault("closed without an answer", .close, "unknown", "network", nil),
        ProviderFault("reset without an answer", .reset, "unknown", "network", nil),
        ProviderFault(
            "closed within the head",
            Reply([.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .close]),
            "unknown",
            "network",
            nil
        ),
        ProviderFault("reset within the answer", .resetAfter(["one", "two"]), "unknown", "network", 200),
    ]

    /// The provider is too slow: nobody knows what it did either.
    static let timeouts = [
        ProviderFault("silence", .silence, "unknown", "timeout", nil, row: #","firstByteSeconds":0.2"#),
        ProviderFault(
            "a stall in the head",
            stall("HTTP/1.1 200 O"),
            "unknown",
            "timeout",
            nil,
            row: #","firstByteSeconds":0.2"#
        ),
        ProviderFault(
            "a stall in the answer",
            .stallAfterHead(["one"]),
            "unknown",
            "timeout",
            200,
            row: #","idleSeconds":0.2"#
        ),
        ProviderFault(
            "an answer too slow to end",
            .endless("x"),
            "unknown",
            "timeout",
            200,
            row: #","timeoutSeconds":0.3"#
        ),
    ]

    /// The framing lies.
    ///
    /// The request went out, so the call may be paid for.
    static let framings = [
        ProviderFault(
            "a length that is too long",
            .truncated(length: 9999, text: good),
            "unknown",
            "malformedResponse",
            200
        ),
        ProviderFault(
            "a length that is too short",
            Reply([.send(Reply.head(200, json + [("Content-Length", "20")]) + Array(good.utf8))]),
            "unknown",
            "malformedResponse",
            200
        ),
        ProviderFault("chunks without an end", .truncatedChunks([good]), "unknown", "malformedResponse", 200),
        ProviderFault("an endless answer", .endless(), "unknown", "malformedResponse", 200),
        ProviderFault(
            "10 GiB announced",
            Reply([.send(Reply.head(200, json + [("Content-Length", "10737418240")])), .stall]),
            "unknown",
            "malformedResponse",
            200
        ),
        ProviderFault(
            "two lengths that differ",
            Reply([
                .send(Reply.head(200, json + [("Content-Length", "5"), ("Content-Length", "9")]) + Array(good.utf8)),
                .close,
            ]),
            "unknown",
            "malformedResponse",
            200
        ),
        ProviderFault("what is no HTTP", .garbage(), "unknown", "malformedResponse", nil),
        ProviderFault(
            "a head of 70 KB",
            Reply([.send(Reply.head(200, [("X", String(repeating: "x", count: 70_000))])), .stall]),
            "unknown",
            "malformedResponse",
            nil
        ),
    ]

    /// A whole answer, with 200, that is none: something was done for it.
    static let contents =
        [
            ("nothing", ""), ("what is no JSON", "{]"), ("half of the JSON", String(good.prefix(60))),
            ("another shape", #"{"answer":"Hello!"}"#),
            ("a list", "[1,2,3]"), ("no choices", #"{"id":"x","object":"chat.completion","choices":[]}"#),
            ("a page for people", "<!DOCTYPE html><title>502 Bad Gateway</title>"),
            ("bytes that are no UTF-8", "\u{1}\u{2}"),
        ].map { ProviderFault("200 with \($0.0)", .response(text: $0.1), "unknown", "malformedResponse", 200) }
        + [
            ProviderFault(
                "200 with an error",
                .response(text: #"{"error":{"message":"Broken","type":"server_error"}}"#),
                "failed",
                "server",
                200
            )
        ]

    /// The provider says that something is wrong with itself.
    static let statuses =
        [301, 302, 307, 308].map { status in
            let away = [("Location", "/v1/elsewhere"), ("Content-Type", "text/html")]
            return ProviderFault(
                "\(status)",
                .response(status, headers: away),
                "failed",
                "misconfigured",
                status,
                .dead
            )
        }
        + [500, 502].map { ProviderFault("\($0)", .openAIError($0, type: "server_error"), "failed", "server", $0) }
        + [409, 425].map { ProviderFault("\($0)", .openAIError($0), "failed", "server", $0) }
        + [503, 529].map { ProviderFault("\($0)", .openAIError($0, type: "server_error"), "failed", "overloaded", $0) }
        + [408, 504, 524].map { ProviderFault("\($0)", .openAIError($0), "unknown", "timeout", $0) }
        + [
            ProviderFault(
                "502 with a page for people",
                .response(502, headers: [("Content-Type", "text/html")], text: "<html>"),
                "failed",
                "server",
                502
            )
        ]
        + [429, 503, 529].map { status in
            let later = [("Retry-After", "1")]
            let errorClass = status == 429 ? "rateLimit" : "overloaded"
            return ProviderFault(
                "\(status) with Retry-After",
                .openAIError(status, type: "server_error", headers: later),
                "deferred",
                errorClass,
                status,
                .wait
            )
        }
        + [ProviderFault("429", .openAIError(429, type: "x"), "deferred", "rateLimit", 429, .wait)]

    /// The provider says that something is wrong with the request, the model or the key.
    ///
    /// 400, 401, 403, 404 and an exhausted quota in OpenAI's words stand in `UpstreamTests`. A key that is refused lets its job wait.
    static let refusals =
        [(402, "permission"), (413, "invalidRequest"), (422, "invalidRequest")].map {
            ProviderFault("\($0.0)", .openAIError($0.0), "failed", $0.1, $0.0, .dead)
        }
        + [(400, "invalidRequest"), (401, "authentication"), (403, "permission"), (404, "misconfigured")].map {
            ProviderFault(
                "\($0.0) with a page for people",
                .response($0.0, headers: [("Content-Type", "text/html")], text: "<html>"),
                $0.0 == 401 ? "deferred" : "failed",
                $0.1,
                $0.0,
                $0.0 == 401 ? .wait : .dead
            )
        }

    private static let json = [("Content-Type", "application/json")]
    private static let good =
        #"{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Not to be believed"},"finish_reason":"stop"}]}"#

    private static func stall(_ text: String) -> Reply { Reply([.send(Array(text.utf8)), .stall]) }

    private init(
        _ name: String,
        _ reply: Reply,
        _ outcome: String,
        _ errorClass: String,
        _ status: Int?,
        _ next: Next = .retry,
        row: String = ""
    ) {
        self.name = name
        self.reply = reply
        self.outcome = outcome
        self.errorClass = errorClass
        self.status = status
        self.next = next
        self.row = row
    }
}
