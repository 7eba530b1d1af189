import Glibc

/// One TCP connection to the gateway, for tests that choose every byte.
///
/// Its calls block: see ``Blocking``.
final class RawConnection {
    private let descriptor: Int32
    private var reader = AnswerReader()
    /// Whether the gateway ended it by a reset, which may overtake what was sent.
    private(set) var wasReset = false

    /// Connects to 127.0.0.1; `window` limits how many bytes the system keeps for a caller that doesn't read.
    init(port: Int, window: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw HarnessError("no socket: errno \(errno)") }
        // Nothing waits for ever: a gateway that hangs fails the test.
        var patience = timeval(tv_sec: 90, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        if var window {
            let size = socklen_t(MemoryLayout<Int32>.size)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, size)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw HarnessError("no connection to port \(port): errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of `bytes`; a peer that has closed is no error here, since its answer may still be read.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Ends the sending and goes on reading, as `nc -N` does.
    func endSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The next answer; with `mayBreakOff` also one whose body the gateway did not end.
    func answer(mayBreakOff: Bool = false) throws -> Answer {
        var ended = false
        while true {
            if let answer = reader.next(ended: ended) { return answer }
            if ended, mayBreakOff, let answer = reader.cut() { return answer }
            guard !ended else {
                throw HarnessError("the gateway closed with \(reader.bytes.count) bytes of an unfinished answer")
            }
            ended = try !receive()
        }
    }

    /// True when the gateway closes the connection without another byte.
    func isClosedByPeer() throws -> Bool {
        try reader.bytes.isEmpty && !receive()
    }

    /// The next bytes as they come, for one who reads an answer piece by piece; none at the end.
    func more() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 || errno == ECONNRESET else { throw HarnessError("no answer within 90 s: errno \(errno)") }
        wasReset = count < 0
        return Array(buffer.prefix(max(0, count)))
    }

    /// Takes what came; false at the end.
    private func receive() throws -> Bool {
        let bytes = try more()
        reader.append(bytes[...])
        return !bytes.isEmpty
    }
}
