import CCurl
import Glibc
import SluiceProvider
import SluiceTypes

/// The connections of one policy: a libcurl multi handle, its sockets in the loop's epoll set, its timer.
///
/// Calls whose policies differ are in different pools, so no connection is ever shared between them.
@safe
final class ConnectionPool {
    /// How long a pool without calls keeps its connections, in nanoseconds.
    static let rest: UInt64 = 30_000_000_000
    /// How many handles are kept for later calls.
    private static let spareLimit = 256
    let policy: EndpointPolicy
    /// When libcurl wants to be called though no socket is ready.
    private(set) var timer: UInt64?
    /// When the last call ended, while none runs.
    private(set) var idleSince: UInt64?

    private let multi: UnsafeMutableRawPointer
    private let epoll: CInt
    private let tag: UInt64
    private let userAgent: String
    private var spare: [Transfer] = []
    private var running: [ObjectIdentifier: Transfer] = [:]

    /// nil when libcurl has no memory.
    ///
    /// `kept` is how many connections may be open before those without a call are closed. `tag` is what the loop finds the pool by, in the upper half of an epoll event's word.
    init?(policy: EndpointPolicy, epoll: CInt, tag: UInt64, userAgent: String, kept: Int) {
        guard let multi = unsafe curl_multi_init() else { return nil }
        unsafe self.multi = unsafe multi
        self.policy = policy
        self.epoll = epoll
        self.tag = tag
        self.userAgent = userAgent
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_multi_set_socket_callback(multi, watchSocket)
        unsafe ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        unsafe ccurl_multi_set_timer_callback(multi, setTimer)
        unsafe ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, CLong(kept))
    }

    /// Ends what runs and closes all connections; the pool is of no use afterwards.
    func close() {
        for transfer in Array(running.values) {
            end(transfer, isClean: false, now: 0)
        }
        spare = []
        unsafe curl_multi_cleanup(multi)
    }

    /// Starts a transfer for `call`; false when libcurl refuses.
    func begin(_ call: Call, addresses: [IPAddress], now: UInt64) -> Bool {
        guard let transfer = spare.popLast() ?? Transfer(policy: policy, userAgent: userAgent) else { return false }
        guard transfer.begin(call, addresses: addresses, now: now),
            unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
        else {
            transfer.end()
            return false
        }
        running[ObjectIdentifier(transfer)] = transfer
        call.transfer = transfer
        idleSince = nil
        return true
    }

    /// Takes a transfer out; one that was not over loses its connection.
    ///
    /// Only a handle that served a call to its end serves another: libcurl notes in it that a body has to be sent again,
    /// and would seek in the next call's.
    func end(_ transfer: Transfer, isClean: Bool, now: UInt64) {
        unsafe curl_multi_remove_handle(multi, transfer.easy)
        transfer.call?.transfer = nil
        transfer.end()
        running[ObjectIdentifier(transfer)] = nil
        if isClean && spare.count < ConnectionPool.spareLimit { spare.append(transfer) }
        if running.isEmpty { idleSince = now }
    }

    /// Tells libcurl that a socket is ready.
    func ready(_ descriptor: CInt, events: UInt32) {
        var bits: CInt = 0
        if events & UInt32(EPOLLIN.rawValue) != 0 { bits |= CInt(CURL_CSELECT_IN) }
        if events & UInt32(EPOLLOUT.rawValue) != 0 { bits |= CInt(CURL_CSELECT_OUT) }
        if events & UInt32(EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { bits |= CInt(CURL_CSELECT_ERR) }
        var still: CInt = 0
        unsafe curl_multi_socket_action(multi, descriptor, bits, &still)
    }

    /// Calls libcurl if its timer is due.
    func tick(now: UInt64) {
        guard let due = timer, due <= now else { return }
        timer = nil
        var still: CInt = 0
        unsafe curl_multi_socket_action(multi, curl_socket_t(CURL_SOCKET_TIMEOUT), 0, &still)
    }

    /// A transfer that is over, with libcurl's verdict; it stays in until ``end(_:isClean:now:)``.
    func nextFinished() -> (Transfer, CURLcode)? {
        var left: CInt = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
                continue
            }
            var context: UnsafeMutableRawPointer?
            unsafe ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context = unsafe context else { continue }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return (transfer, unsafe ccurl_message_result(message))
        }
        return nil
    }

    fileprivate func watch(_ descriptor: CInt, what: CInt, known: Bool) {
        var events: UInt32 = 0
        if what & CInt(CURL_POLL_IN) != 0 { events |= UInt32(EPOLLIN.rawValue) }
        if what & CInt(CURL_POLL_OUT) != 0 { events |= UInt32(EPOLLOUT.rawValue) }
        let isGone = what == CInt(CURL_POLL_REMOVE)
        let operation = isGone ? EPOLL_CTL_DEL : known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        ccurl_epoll_control(epoll, operation, descriptor, events, tag << 32 | UInt64(UInt32(bitPattern: descriptor)))
        let mark = unsafe isGone ? nil : Unmanaged.passUnretained(self).toOpaque()
        unsafe curl_multi_assign(multi, descriptor, mark)
    }

    fileprivate func wake(after milliseconds: CLong) {
        timer = milliseconds < 0 ? nil : Monotonic.now() + UInt64(milliseconds) * 1_000_000
    }
}

private let watchSocket: curl_socket_callback = { _, descriptor, what, context, known in
    guard let context = unsafe context else { return 0 }
    let pool = unsafe Unmanaged<ConnectionPool>.fromOpaque(context).takeUnretainedValue()
    pool.watch(descriptor, what: what, known: unsafe known != nil)
    return 0
}

private let setTimer: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<ConnectionPool>.fromOpaque(context).takeUnretainedValue().wake(after: milliseconds)
    return 0
}
