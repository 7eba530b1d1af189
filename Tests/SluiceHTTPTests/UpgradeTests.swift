import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SluiceHTTP

/// Requests that ask for another protocol, and requests that try to pass two for one: both guards around NIO's decoder, with
/// bytes in and what the server would see out.
@Suite("A request with Upgrade")
struct UpgradeTests {
    /// What came of the bytes of one connection.
    struct Seen: Equatable {
        /// `METHOD target body`, of each request that is whole.
        var requests: [String] = []
        /// The status line of the guards' own answer.
        var refusal: String?
        var isClosed = false
    }

    /// What a server behind the guards sees of bytes that come in these pieces.
    static func seen(_ pieces: [[UInt8]]) throws -> Seen {
        let channel = EmbeddedChannel()
        let connection = Connection(ConnectionLimits(), CrossOrigin(origins: [])) { _ in
            APISurface(name: "any", prefixes: ["/"], bodyLimit: 1 << 20)
        }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ConnectionGuard(connection, Traffic(ConnectionLimits()), entry: nil))
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(RequestGuard(connection))
        for piece in pieces where !piece.isEmpty {
            _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
        }
        var seen = Seen()
        var open: (line: String, body: String)?
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head): open = ("\(head.method) \(head.uri)", "")
            case .body(let buffer): open?.body += String(buffer: buffer)
            case .end:
                if let open { seen.requests.append("\(open.line) \(open.body)") }
                open = nil
            }
        }
        if let answer = try channel.readOutbound(as: ByteBuffer.self) {
            seen.refusal = String(String(buffer: answer).prefix { $0 != "\r\n" })
        }
        seen.isClosed = connection.isClosing
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return seen
    }

    private static let field = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"
    private static let get = "GET /a HTTP/1.1\r\nHost: h\r\n@\r\n"
    private static let post =
        "POST /b HTTP/1.1\r\nHost: h\r\n@Content-Length: 25\r\n\r\n{\n\"a\":\n1}\nUpgrade: h2c\n}\n"
    private static let chunked =
        "POST /c HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding: chunked\r\n\r\nf\r\n\r\nUpgrade: h2c\n\r\n1\r\nu\r\n0\r\nA: b\r\n\r\n"

    /// Bytes of one connection, with `@` where a field may stand, and how many requests are whole.
    private static let inputs: [(text: String, requests: Int)] = [
        (get, 1), (post, 1), (chunked, 1), (get + get + get, 3), (post + get, 2), (chunked + post + get + chunked, 4),
        ("POST /d HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n@\r\n" + get, 2),
        // Two for one.
        ("POST / HTTP/1.1\r\nHost: h\r\n@Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n@Content-Length: 3\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n@Content-Length: 4\r\n\r\nabc" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Content-Length: 3, 3\r\n\r\nabc" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Content-Length: +3\r\n\r\nabc" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Content-Length: 3\r\n 0\r\n\r\nabc" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n@ 0\r\n\r\nabc" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding: chunked\r\n\r\nz\r\n\r\n" + get, 0),
        ("POST / HTTP/1.1\r\nHost: h\r\n@Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n" + get, 0),
        ("GET / HTTP/1.1\r\nHost: h\r\n@Upgrade : h2c\r\n\r\n" + get, 0),
        ("GET / HTTP/1.1\r\n@\r\n" + get, 0), ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n@\r\n" + get, 0),
        ("PRI * HTTP/2.0\r\n@\r\nSM\r\n\r\n", 0),
    ]

    @Test(
        "is what it is without it, cut at every byte; nothing is read twice, and nothing is lost",
        arguments: inputs.indices
    )
    func smuggling(index: Int) throws {
        let (text, requests) = Self.inputs[index]
        let plain = Array(text.replacing("@", with: "").utf8)
        let expected = try Self.seen([plain])
        #expect(expected.requests.count == requests)
        #expect(expected.isClosed == (requests == 0))
        for field in [Self.field, "uPGRADE: h2c\r\nConnection: upgrade\r\nUpgrade:websocket\r\n", "Upgrade:\r\n"] {
            let bytes = Array(text.replacing("@", with: field).utf8)
            for cut in 0...bytes.count {
                let seen = try Self.seen([Array(bytes[..<cut]), Array(bytes[cut...])])
                #expect(seen == expected, "\(field.debugDescription) cut at \(cut)")
            }
            #expect(try Self.seen(bytes.map { [$0] }) == expected, "byte by byte")
        }
        for cut in 0...plain.count {
            #expect(try Self.seen([Array(plain[..<cut]), Array(plain[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test("is handed on without the field, whose bytes in a body are left alone")
    func renamed() throws {
        let text = (Self.get + Self.post + Self.chunked).replacing("@", with: Self.field)
        let seen = try Self.seen([Array(text.utf8)])
        #expect(
            seen.requests == [
                "GET /a ", "POST /b {\n\"a\":\n1}\nUpgrade: h2c\n}\n", "POST /c \r\nUpgrade: h2c\nu",
            ]
        )
    }

    @Test("is found at the beginnings of lines alone")
    func places() {
        func find(_ text: String, from start: Int = 0, startsLine: Bool = false) -> UpgradeField.Place? {
            UpgradeField.find(in: ByteBuffer(string: text).readableBytesView, from: start, startsLine: startsLine)
        }
        #expect(find("Upgrade: a") == nil)
        #expect(find("Upgrade: a", startsLine: true) == .whole(at: 0))
        #expect(find("A: b\r\nUPGRADE:") == .whole(at: 6))
        #expect(find("A: b\r\nUpgrade") == .partial(at: 6))
        #expect(find("A: b\r\nU") == .partial(at: 6))
        #expect(find("A: b\r\n") == nil)
        #expect(find("A: Upgrade: b\r\n") == nil)
        #expect(find("A: b\r\nUpgraded: c\r\nUpgrade : d\r\n upgrade: e") == nil)
        #expect(find("\nupgrade:\nupgrade:", from: 8) == .whole(at: 10))
        #expect(find("", startsLine: true) == nil)
    }
}
