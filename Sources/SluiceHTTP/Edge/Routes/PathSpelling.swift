import HTTPTypes
import Hummingbird

/// What callers make of a path, and of the gateway's own address.
enum PathSpelling {
    /// The request with a path that has no doubled slash and none at its end: clients put their base URL and the rest together
    /// in every way.
    ///
    /// What stands before all paths is taken off, where a proxy has left it there.
    static func plain(_ request: Request, below base: String) -> Request {
        guard let target = request.head.path, target.hasPrefix("/"), !base.isEmpty || !isPlain(target) else {
            return request
        }
        let path = target.prefix { $0 != "?" }
        let plain = "/" + path.split(separator: "/").joined(separator: "/")
        let local = self.path(plain[...], below: base)
        guard local != path else { return request }
        var head = request.head
        head.path = String(local) + target[path.endIndex...]
        return Request(head: head, body: request.body)
    }

    /// A path without what stands before all of them; as it is where that does not stand there.
    static func path(_ path: Substring, below base: String) -> Substring {
        guard !base.isEmpty, path.hasPrefix(base) else { return path }
        let rest = path.dropFirst(base.count)
        return rest.isEmpty ? "/" : rest.first == "/" ? rest : path
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
