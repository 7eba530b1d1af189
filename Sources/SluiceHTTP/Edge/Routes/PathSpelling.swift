import HTTPTypes
import Hummingbird

/// What callers make of a path, and of the gateway's own address.
enum PathSpelling {
    /// The request with a path that has no doubled slash and none at its end: clients put their base URL and the rest together
    /// in every way.
    static func plain(_ request: Request) -> Request {
        guard let target = request.head.path, !isPlain(target) else { return request }
        let path = target.prefix { $0 != "?" }
        let parts = path.split(separator: "/")
        var head = request.head
        head.path = "/" + parts.joined(separator: "/") + target[path.endIndex...]
        return Request(head: head, body: request.body)
    }

    /// Whether a path is spelled as it should be; read byte by byte, since it is asked of every request.
    private static func isPlain(_ target: String) -> Bool {
        let slash = UInt8(ascii: "/")
        var last: UInt8?
        var length = 0
        for byte in target.utf8 {
            if byte == UInt8(ascii: "?") { break }
            if byte == slash, last == slash { return false }
            last = byte
            length += 1
        }
        return last != slash || length == 1
    }

    /// Scheme and host as the caller knows them, as far as that can be told.
    static func origin(of request: Request) -> String {
        let isSecure = request.headers[.forwardedProtocol]?.lowercased() == "https"
        return "\(isSecure ? "https" : "http")://\(request.head.authority ?? "…")"
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedProtocol = known("X-Forwarded-Proto")
}
