import HTTPTypes
import NIOCore
import NIOHTTP1

/// An answer that a guard gives by itself, before the connection is closed.
struct Refusal: Equatable {
    var status: Int
    var phrase: String
    var code: String
    var detail: String
    var retryAfter: Int?

    static let full = Refusal(
        status: 503,
        phrase: "Service Unavailable",
        code: "too-many-connections",
        detail: "too many connections are open; try again",
        retryAfter: 1
    )
    static let slowHead = Refusal(
        status: 408,
        phrase: "Request Timeout",
        code: "slow-request",
        detail: "the request's header took too long to arrive"
    )
    static let slowBody = Refusal(
        status: 408,
        phrase: "Request Timeout",
        code: "slow-request",
        detail: "the request's body took too long to arrive"
    )
    static let longURL = Refusal(
        status: 414,
        phrase: "URI Too Long",
        code: "url-too-long",
        detail: "the request's URL is longer than is taken"
    )
    static let largeHeader = Refusal(
        status: 431,
        phrase: "Request Header Fields Too Large",
        code: "header-too-large",
        detail: "the request has too many header fields, or too long ones"
    )
    static let badHost = Refusal(
        status: 400,
        phrase: "Bad Request",
        code: "bad-host",
        detail: "the request must have exactly one Host field"
    )
    static let transferCoding = Refusal(
        status: 501,
        phrase: "Not Implemented",
        code: "transfer-coding",
        detail: "no Transfer-Encoding but chunked is understood"
    )
    static let noProxy = Refusal(
        status: 405,
        phrase: "Method Not Allowed",
        code: "no-proxy",
        detail: "this is no proxy, so CONNECT is not served"
    )
    static let malformed = Refusal(
        status: 400,
        phrase: "Bad Request",
        code: "malformed-request",
        detail: "the request is not acceptable HTTP/1.1"
    )
    static let foreignPeer = Refusal(
        status: 403,
        phrase: "Forbidden",
        code: "forbidden",
        detail: "only the user that runs the gateway, and root, may manage it"
    )

    /// The whole answer as it goes over the wire to who asks a surface.
    func bytes(
        on surface: APISurface,
        _ fields: [(name: HTTPField.Name, value: String)],
        _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        let id = RequestFields.requestID([:])
        let problem = Problem(HTTPResponse.Status(code: status, reasonPhrase: phrase), code, detail)
        let reply = surface.envelope(problem, id)
        var head = "HTTP/1.1 \(status) \(phrase)\r\n"
        head += "content-type: \(reply.type)\r\n"
        head += "content-length: \(reply.body.count)\r\nconnection: close\r\nx-request-id: \(id)\r\n"
        for (name, value) in fields { head += "\(name.canonicalName): \(value)\r\n" }
        if let retryAfter { head += "retry-after: \(retryAfter)\r\n" }
        var buffer = allocator.buffer(capacity: head.utf8.count + 2 + reply.body.count)
        buffer.writeString(head + "\r\n")
        buffer.writeBytes(reply.body)
        return buffer
    }

    /// True for HTTP/1.0 and older, which know no `Host` and close by default.
    static func isBefore11(_ version: HTTPVersion) -> Bool { (version.major, version.minor) < (1, 1) }

    /// What is wrong with a request's head, apart from its speed.
    static func check(_ head: HTTPRequestHead, _ limits: ConnectionLimits) -> Refusal? {
        // The decoder reads nothing behind one, as behind an upgrade.
        if head.method == .CONNECT { return noProxy }
        if head.uri.utf8.count > limits.urlBytes { return longURL }
        var size = 0
        var hosts = 0
        for (name, value) in head.headers {
            size += name.utf8.count + value.utf8.count + 4
            if name.utf8.count == 4, name.lowercased() == "host" { hosts += 1 }
        }
        if size > limits.headerBytes || head.headers.count > limits.headerFields { return largeHeader }
        if hosts > 1 || (hosts == 0 && !isBefore11(head.version)) { return badHost }
        let codings = head.headers["transfer-encoding"]
        guard codings.isEmpty || (codings.count == 1 && codings[0].lowercased() == "chunked") else {
            return transferCoding
        }
        return nil
    }
}
