import BenchMachine
import CEpoll
import Glibc

/// Keep-alive connections to 127.0.0.1, each with at most one request on the way, and the epoll set over them.
///
/// A timer is in the set as well: `epoll_wait` itself counts in milliseconds, which is too coarse for a planned moment.
@safe struct Poller: ~Copyable {
    private let epoll: Int32
    private let timer: Int32
    private var sockets: [Int32] = []
    private var events: [epoll_event]
    /// When the request that is on a connection's way was sent.
    private(set) var sentAt: [UInt64]
    /// What each connection received; the first ``filled`` bytes count.
    private(set) var buffers: [[UInt8]]
    private(set) var filled: [Int]

    init(port: UInt16, connections: Int) throws(BenchFault) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        unsafe events = unsafe [epoll_event](repeating: epoll_event(), count: connections + 1)
        sentAt = [UInt64](repeating: 0, count: connections)
        buffers = [[UInt8]](repeating: [], count: connections)
        filled = [Int](repeating: 0, count: connections)
        guard epoll >= 0, timer >= 0 else { throw .system("epoll_create1, timerfd_create") }
        try watch(timer, Self.timerMark)
        for connection in 0..<connections {
            let socket = try Self.connected(port: port)
            sockets.append(socket)
            buffers[connection] = [UInt8](repeating: 0, count: 16_384)
            try watch(socket, UInt64(connection))
        }
    }

    deinit {
        for socket in sockets { close(socket) }
        close(timer)
        close(epoll)
    }

    private static let timerMark = UInt64.max

    private func watch(_ file: Int32, _ mark: UInt64) throws(BenchFault) {
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: mark))
        guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event) == 0 else { throw .system("epoll_ctl") }
    }

    private static func connected(port: UInt16) throws(BenchFault) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .system("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let answer = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(socket, $0, size) }
        }
        guard answer == 0 else { throw .system("connecting to 127.0.0.1:\(port)") }
        var on: Int32 = 1
        unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    /// Sends a whole request: with nothing else on the way, one of this size fits the socket's buffer.
    mutating func send(_ request: [UInt8], _ connection: Int, at time: UInt64) throws(BenchFault) {
        let sent = unsafe Glibc.send(sockets[connection], request, request.count, Int32(MSG_NOSIGNAL))
        guard sent == request.count else { throw .system("sending a request") }
        sentAt[connection] = time
        filled[connection] = 0
    }

    /// Waits until a connection has something to read.
    /// - Returns: How many have; ``ready(_:)`` names them.
    /// - Throws: `BenchFault` when none has for `seconds`.
    mutating func wait(seconds: Int32) throws(BenchFault) -> Int {
        while true {
            let count = unsafe epoll_wait(epoll, &events, Int32(events.count), seconds * 1_000)
            if count > 0 { return Int(count) }
            guard count == 0 || errno == EINTR else { throw .system("epoll_wait") }
            if count == 0 { throw BenchFault("No answer came for \(seconds) s.") }
        }
    }

    /// The connection that has something to read; nil when it was the timer.
    func ready(_ index: Int) -> Int? {
        let mark = unsafe events[index].data.u64
        guard mark == Self.timerMark else { return Int(mark) }
        var expirations: UInt64 = 0
        _ = unsafe read(timer, &expirations, MemoryLayout<UInt64>.size)
        return nil
    }

    /// Lets ``wait(seconds:)`` return at a moment of the monotonic clock, when nothing comes before it.
    func wake(at moment: UInt64) throws(BenchFault) {
        var time = itimerspec()
        time.it_value = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        guard unsafe timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &time, nil) == 0 else {
            throw .system("timerfd_settime")
        }
    }

    /// Takes what has come on a connection.
    /// - Returns: Nil until a whole answer is there.
    mutating func receive(_ connection: Int) throws(BenchFault) -> Answer? {
        if filled[connection] == buffers[connection].count {
            buffers[connection] += [UInt8](repeating: 0, count: filled[connection])
        }
        guard try fill(connection) else { return nil }
        let buffer = buffers[connection]
        return try Answer.read(buffer.span.extracting(0..<filled[connection]))
    }

    /// Takes what has come on a connection as a piece of a longer answer, in place of the piece before.
    /// - Returns: False when there was nothing.
    mutating func receivePiece(_ connection: Int) throws(BenchFault) -> Bool {
        filled[connection] = 0
        return try fill(connection)
    }

    private mutating func fill(_ connection: Int) throws(BenchFault) -> Bool {
        let start = filled[connection]
        let socket = sockets[connection]
        let came = unsafe buffers[connection].withUnsafeMutableBytes { bytes in
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            return unsafe recv(socket, free.baseAddress, free.count, Int32(MSG_DONTWAIT))
        }
        if came < 0, errno == EAGAIN { return false }
        guard came > 0 else {
            throw came == 0 ? BenchFault("The server closed a connection.") : .system("recv")
        }
        filled[connection] = start + came
        return true
    }
}
