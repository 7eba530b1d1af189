package import BenchMachine
import CEpoll
import Glibc

/// A provider on 127.0.0.1 that costs as little as can be: one thread, fixed answers.
///
/// It stands behind what is measured, so it may not be what limits.
@safe package struct UpstreamServer: ~Copyable {
    private let listener: Int32
    private let epoll: Int32
    private let gap: UInt64
    private let canned = Canned()
    /// By descriptor.
    private var connections: [Connection?] = []
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 512)
    private var schedule = Schedule()
    /// The streams that will reason: they wait longer than all others.
    private var silences = Schedule()
    private var held: [Ticket] = []
    private var serial = 0
    package let port: UInt16

    private struct Connection {
        let serial: Int
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var filled = 0
        /// The next piece of the stream that is under way.
        var piece = 0
        /// What that stream says.
        var script = Script.words(.chat)

        /// - Returns: What `recv` answered.
        mutating func fill(_ file: Int32) -> Int {
            if filled == buffer.count { buffer += [UInt8](repeating: 0, count: filled) }
            let start = filled
            let came = unsafe buffer.withUnsafeMutableBytes { bytes in
                let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return unsafe recv(file, free.baseAddress, free.count, Int32(MSG_DONTWAIT))
            }
            filled += max(0, came)
            return came
        }

        /// Takes a request that is complete out of the buffer.
        mutating func next() -> Asked? {
            guard filled > 0, let (asked, length) = Asked.read(buffer.span.extracting(0..<filled)) else { return nil }
            for index in length..<filled { buffer[index - length] = buffer[index] }
            filled -= length
            return asked
        }
    }

    /// - Parameter gapMilliseconds: Between two events of a stream; the first comes at once.
    /// - Throws: `BenchFault` when it can't listen.
    package init(gapMilliseconds: Int) throws(BenchFault) {
        let (listener, port) = try Self.listening()
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .system("epoll_create1") }
        try Self.watch(listener, epoll)
        self.init(listener: listener, port: port, epoll: epoll, gap: UInt64(gapMilliseconds) * 1_000_000)
    }

    private init(listener: Int32, port: UInt16, epoll: Int32, gap: UInt64) {
        self.listener = listener
        self.port = port
        self.epoll = epoll
        self.gap = gap
    }

    deinit {
        for (socket, connection) in connections.enumerated() where connection != nil { close(Int32(socket)) }
        close(epoll)
        close(listener)
    }

    /// Serves until the process ends.
    package mutating func run() throws(BenchFault) {
        while true {
            let timeout = timeout(from: Nanoseconds.now())
            let count = unsafe epoll_wait(epoll, &events, Int32(events.count), timeout)
            guard count >= 0 || errno == EINTR else { throw .system("epoll_wait") }
            for index in 0..<max(0, Int(count)) {
                let file = unsafe Int32(events[index].data.fd)
                if file == listener { try accept() } else { read(file) }
            }
            let now = Nanoseconds.now()
            while let ticket = schedule.next(at: now) { goOn(ticket) }
            while let ticket = silences.next(at: now) { goOn(ticket) }
        }
    }

    /// How long `epoll_wait` may wait; -1 is without end.
    private func timeout(from now: UInt64) -> Int32 {
        let times = [schedule.milliseconds(from: now), silences.milliseconds(from: now)]
        return times.filter { $0 >= 0 }.min() ?? -1
    }
}

// MARK: Sockets

extension UpstreamServer {
    private static func listening() throws(BenchFault) -> (Int32, UInt16) {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let socket = Glibc.socket(AF_INET, Int32(type), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, size) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        guard isBound, listen(socket, 4_096) == 0 else { throw .system("listening") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    private static func watch(_ file: Int32, _ epoll: Int32) throws(BenchFault) {
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: file))
        guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event) == 0 else { throw .system("epoll_ctl") }
    }

    private mutating func accept() throws(BenchFault) {
        while true {
            let file = Glibc.accept(listener, nil, nil)
            guard file >= 0 else {
                guard errno == EAGAIN || errno == ECONNABORTED || errno == EINTR else { throw .system("accept") }
                return
            }
            var on: Int32 = 1
            unsafe setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            while connections.count <= Int(file) { connections.append(nil) }
            serial += 1
            connections[Int(file)] = Connection(serial: serial)
            try Self.watch(file, epoll)
        }
    }

    private mutating func drop(_ file: Int32) {
        connections[Int(file)] = nil
        close(file)
    }

    /// Answers fit the socket's buffer; a caller that does not read is dropped.
    private mutating func send(_ bytes: [UInt8], to file: Int32) {
        let sent = unsafe Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        if sent != bytes.count { drop(file) }
    }
}

// MARK: Requests

extension UpstreamServer {
    private mutating func read(_ file: Int32) {
        let place = Int(file)
        guard let came = connections[place]?.fill(file) else { return }
        guard came > 0 else {
            if came == 0 || errno != EAGAIN { drop(file) }
            return
        }
        while let asked = connections[place]?.next() { answer(asked, file) }
    }

    private mutating func answer(_ asked: Asked, _ file: Int32) {
        switch asked {
        case .plain(let surface): send(canned.plain(surface), to: file)
        case .stream(let surface): goOn(begin(file, .words(surface)))
        case .held:
            let ticket = begin(file, .words(.chat))
            write(ticket)
            // A word besides the role, which a gateway may hold back until there is one.
            write(ticket)
            held.append(ticket)
        case .reasoning:
            let ticket = begin(file, .reasoning)
            write(ticket)
            silences.add(ticket, at: Nanoseconds.now() + Self.silence)
        case .release:
            for ticket in held { goOn(ticket) }
            held = []
            send(canned.empty, to: file)
        case .unknown: send(canned.notFound, to: file)
        case .lengthless:
            send(canned.lengthRequired, to: file)
            if connections[Int(file)] != nil { drop(file) }
        }
    }

    /// So long says nothing who is going to reason, in nanoseconds: as a model that thinks, only shorter.
    private static let silence: UInt64 = 100_000_000

    /// Puts a connection at the start of a stream.
    private mutating func begin(_ file: Int32, _ script: Script) -> Ticket {
        let place = Int(file)
        connections[place]?.piece = 0
        connections[place]?.script = script
        // No connection has the serial 0: whose caller is gone gets nothing.
        return Ticket(file: file, serial: connections[place]?.serial ?? 0)
    }

    /// What is written for the stream that is under way on a connection.
    private func pieces(of file: Int32) -> [[UInt8]] {
        canned.pieces(of: connections[Int(file)]?.script ?? .words(.chat))
    }

    /// Writes a stream's next piece and plans the one after it.
    private mutating func goOn(_ ticket: Ticket) {
        let piece = write(ticket)
        let count = pieces(of: ticket.file).count
        guard piece < count else { return }
        // The end comes with the last event, as providers write them.
        if piece == count - 1 {
            write(ticket)
        } else {
            schedule.add(ticket, at: Nanoseconds.now() + gap)
        }
    }

    /// - Returns: The piece that is next, which is beyond the last when the stream is over or its caller gone.
    @discardableResult
    private mutating func write(_ ticket: Ticket) -> Int {
        let place = Int(ticket.file)
        guard let connection = connections[place], connection.serial == ticket.serial else { return .max }
        connections[place]?.piece += 1
        let isReasoning = connection.script == .reasoning && connection.piece == 1
        let piece = isReasoning ? canned.reasoning(at: Nanoseconds.now()) : pieces(of: ticket.file)[connection.piece]
        send(piece, to: ticket.file)
        return connection.piece + 1
    }
}
