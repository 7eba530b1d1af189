import CCurl
import Glibc
import SluiceProvider
import SluiceTypes

/// The one thread that calls libcurl: it waits for sockets, deadlines and letters, and owns all calls and connections.
///
/// It is made and used on that thread alone.
@safe
final class Loop {
    private static let eventCapacity = 256
    private static let mailTag = UInt64.max

    private let mailbox: Mailbox
    private let lookups: LookupPool
    private let epoll: CInt
    private let events: UnsafeMutablePointer<epoll_event>
    private let userAgent: String
    private let kept: Int
    private let turn = Turn()

    /// How many policies there are.
    private static let policies = 8
    /// One for each policy, and as many again for each proxy: what goes through one shares no connection with anything else.
    private var pools: [ConnectionPool?] = Array(repeating: nil, count: policies)
    /// Which block of ``pools`` a proxy has.
    private var proxies: [OutboundProxy: Int] = [:]
    private var calls: [UInt64: Call] = [:]
    private var deadlines = DeadlineQueue()
    private var hosts = HostCache()
    private var commands: [Command] = []
    private var now = Monotonic.now()
    private var shutDownDone: [@Sendable () -> Void] = []

    /// Takes over `epoll`, which it closes.
    init(mailbox: Mailbox, epoll: CInt, lookups: LookupPool, userAgent: String, kept: Int) {
        self.mailbox = mailbox
        self.epoll = epoll
        self.lookups = lookups
        self.userAgent = userAgent
        self.kept = kept
        unsafe events = .allocate(capacity: Loop.eventCapacity)
        ccurl_epoll_control(epoll, EPOLL_CTL_ADD, mailbox.descriptor, EPOLLIN.rawValue, Loop.mailTag)
    }

    deinit {
        unsafe events.deallocate()
        close(epoll)
    }

    /// Runs until it is told to shut down, and returns whom to tell that it did.
    func run() -> [@Sendable () -> Void] {
        while shutDownDone.isEmpty {
            now = Monotonic.now()
            carryOut()
            for case let pool? in pools {
                pool.tick(now: now)
                collect(from: pool)
            }
            endOverdue()
            giveOut()
            if shutDownDone.isEmpty { wait() }
        }
        stop()
        return shutDownDone
    }

    // MARK: Commands

    private func carryOut() {
        mailbox.take(into: &commands)
        for command in commands {
            carryOut(command)
        }
    }

    private func carryOut(_ command: Command) {
        switch command {
        case .start(let id, let request, let stream):
            start(Call(id: id, request, stream: stream, turn: turn, now: now))
        case .cancel(let id):
            if let call = calls[id] { finish(call, TransportError(.cancelled, requestSent: sent(call), "Given up.")) }
        case .drain(let id):
            guard let call = calls[id] else { return }
            guard Promise.answerDrained.holds else {
                finish(call, TransportError(.cancelled, requestSent: sent(call), "Given up."))
                return
            }
            call.drain(now: now)
            schedule(call)
        case .goOn(let id):
            guard let call = calls[id] else { return }
            call.goOn(now: now)
            schedule(call)
        case .lookedUp(let host, let result):
            lookedUp(host, result)
        case .shutDown(let done):
            shutDownDone.append(done)
        }
    }

    private func stop() {
        for command in mailbox.close() {
            carryOut(command)
        }
        for call in Array(calls.values) {
            finish(call, TransportError(.cancelled, requestSent: sent(call), "The gateway stops."))
        }
        for case let pool? in pools {
            pool.close()
        }
        pools = []
    }

    // MARK: The life of a call

    private func start(_ call: Call) {
        calls[call.id] = call
        schedule(call)
        let peer = call.request.peer
        if call.request.unixSocketPath != nil {
            begin(call, addresses: [])
        } else if let address = peer.address {
            connect(call, to: [address])
        } else if peer.host == "localhost" {
            connect(call, to: [.v4(0x7F_00_00_01), .v6(SIMD16(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))])
        } else {
            find(peer.host, for: call)
        }
    }

    private func find(_ host: String, for call: Call) {
        switch hosts.ask(host, for: call.id, now: now) {
        case .use(let addresses):
            connect(call, to: addresses)
        case .lookUp:
            lookups.find(host) { [mailbox] result in
                _ = mailbox.post(.lookedUp(host: host, result))
            }
        case .wait:
            break
        }
    }

    private func lookedUp(_ host: String, _ result: Result<[IPAddress], LookupFailure>) {
        for id in hosts.answered(host, result, now: now) {
            guard let call = calls[id] else { continue }
            switch result {
            case .success(let addresses):
                connect(call, to: addresses)
            case .failure(let failure):
                let message = "The name \(host) has no address: \(failure.message)."
                finish(call, TransportError(.resolve, requestSent: false, message))
            }
        }
    }

    private func connect(_ call: Call, to addresses: [IPAddress]) {
        let peer = call.request.peer
        let allowed = addresses.filter { $0.isAllowed(on: call.request) }
        guard !allowed.isEmpty else { return finish(call, .forbidden(peer.host)) }
        // libcurl knows a literal address by itself, and takes none of IPv6 as a name.
        begin(call, addresses: peer.address == nil ? allowed : [])
    }

    private func begin(_ call: Call, addresses: [IPAddress]) {
        guard let pool = pool(for: call.request), pool.begin(call, addresses: addresses, now: now) else {
            return finish(call, TransportError(.connect, requestSent: false, "libcurl can't set the call up."))
        }
    }

    private func finish(_ call: Call, _ error: TransportError?) {
        calls[call.id] = nil
        if let transfer = call.transfer {
            pools[index(of: call.request)]?.end(transfer, isClean: error == nil, now: now)
        }
        call.finish(error)
    }

    private func sent(_ call: Call) -> Bool { call.transfer?.requestSent ?? false }

    // MARK: What libcurl and the clock bring

    private func collect(from pool: ConnectionPool) {
        while let (transfer, code) = pool.nextFinished() {
            guard let call = transfer.call else { continue }
            // libcurl is content with a connection that ends within the head, or misses the body alone.
            let isCut = !call.hasHead && (code == CURLE_OK || code == CURLE_PARTIAL_FILE)
            let error =
                isCut
                ? .died(requestSent: true)
                : TransportError(
                    code,
                    call.request,
                    requestSent: transfer.requestSent,
                    phase: call.clock.phase,
                    detail: transfer.failureText
                )
            finish(call, error.map { call.failure ?? $0 })
        }
    }

    private func endOverdue() {
        while let entry = deadlines.pop(now: now) {
            guard let call = calls[entry.call], call.scheduled == entry.deadline else { continue }
            if let kind = call.clock.overdue(now: now) {
                finish(call, .overdue(kind, call.request.timeouts, requestSent: sent(call)))
            } else {
                call.scheduled = .max
                schedule(call)
            }
        }
        for case let (index, pool?) in pools.enumerated() {
            guard let since = pool.idleSince, now >= since + ConnectionPool.rest else { continue }
            pool.close()
            pools[index] = nil
        }
    }

    private func giveOut() {
        for call in turn.touched {
            call.flush()
            if calls[call.id] != nil { schedule(call) }
        }
        turn.touched.removeAll(keepingCapacity: true)
        for call in turn.resting {
            call.request.room?.wait { [mailbox, id = call.id] in _ = mailbox.post(.goOn(id: id)) }
        }
        turn.resting.removeAll(keepingCapacity: true)
        // Ended calls leave their entries behind.
        guard deadlines.count > 2 * calls.count + 1024 else { return }
        deadlines.removeAll()
        for call in calls.values {
            call.scheduled = .max
            schedule(call)
        }
    }

    /// Makes sure that the loop looks at the call no later than at its deadline.
    ///
    /// A deadline that moved away costs nothing: the entry there is, is looked at and put back.
    private func schedule(_ call: Call) {
        let deadline = call.clock.deadline
        guard deadline < call.scheduled else { return }
        call.scheduled = deadline
        deadlines.push(DeadlineQueue.Entry(deadline: deadline, call: call.id))
    }

    // MARK: Waiting

    private func wait() {
        let count = unsafe epoll_wait(epoll, events, CInt(Loop.eventCapacity), timeout())
        for index in 0..<max(count, 0) {
            let tag = unsafe ccurl_epoll_tag(events, index)
            if tag == Loop.mailTag {
                mailbox.acknowledge()
            } else if let pool = pools[Int(tag >> 32)] {
                pool.ready(CInt(truncatingIfNeeded: tag), events: unsafe ccurl_epoll_bits(events, index))
            }
        }
    }

    /// Milliseconds until something is due, rounded up; -1 for nothing.
    private func timeout() -> CInt {
        var next = deadlines.first
        for case let pool? in pools {
            for moment in [pool.timer, pool.idleSince.map { $0 + ConnectionPool.rest }] {
                if let moment { next = min(next ?? moment, moment) }
            }
        }
        guard let next else { return -1 }
        let now = Monotonic.now()
        guard next > now else { return 0 }
        return CInt(min((next - now + 999_999) / 1_000_000, 3_600_000))
    }

    // MARK: Pools

    private func pool(for request: PreparedCall) -> ConnectionPool? {
        let index = index(of: request)
        if pools[index] == nil {
            pools[index] = ConnectionPool(
                policy: request.policy,
                epoll: epoll,
                tag: UInt64(index),
                userAgent: userAgent,
                kept: kept
            )
        }
        return pools[index]
    }

    /// Where the pool of the request's policy and proxy is.
    ///
    /// There are as many proxies as the file of providers has had since the start; their places are kept.
    private func index(of request: PreparedCall) -> Int {
        let policy = request.policy
        let place = (policy.allowPlainHTTP ? 1 : 0) | (policy.allowPrivate ? 2 : 0) | (policy.http2 ? 4 : 0)
        guard let proxy = request.proxy else { return place }
        if let block = proxies[proxy] { return block * Loop.policies + place }
        let block = proxies.count + 1
        proxies[proxy] = block
        pools += Array(repeating: nil, count: Loop.policies)
        return block * Loop.policies + place
    }
}
