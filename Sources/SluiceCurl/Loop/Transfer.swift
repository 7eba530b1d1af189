import CCurl
import Glibc
import SluiceProvider
import SluiceTypes

/// One libcurl handle and what must live as long as its transfer.
///
/// A handle serves one call at a time and many after one another. What is the same for all calls of its pool is set
/// once; ``begin(_:addresses:now:)`` sets all the rest for every call, so that nothing is left over from the call
/// before.
@safe
final class Transfer {
    /// The handle.
    let easy: UnsafeMutableRawPointer
    /// The call that runs.
    private(set) var call: Call?

    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var resolve: UnsafeMutablePointer<curl_slist>?
    private var socketPath: SocketPath?
    private var sizeBefore: Int?
    private var firstFailure = CURLE_OK

    /// Bytes from which on libcurl 7.88 sends a body apart from its head (`MAX_INITIAL_POST_SIZE`), from a buffer of as many.
    private static let shortBody = 64 << 10

    /// A handle for calls under `policy`; nil when libcurl has no memory, or lacks something this room relies on.
    init?(policy: EndpointPolicy, userAgent: String) {
        guard let easy = unsafe curl_easy_init() else { return nil }
        unsafe self.easy = unsafe easy
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setUp(policy, userAgent: userAgent)
        setUpCallbacks()
        guard firstFailure == CURLE_OK else { return nil }
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(headers)
        unsafe curl_slist_free_all(resolve)
        unsafe errorText.deallocate()
    }

    /// True once a byte of the request may have left this machine.
    var requestSent: Bool {
        if call?.hasAnswer == true { return true }
        return sizeBefore.map { requestSize > $0 } ?? false
    }

    /// What libcurl says about the failure, which names hosts, ports and certificates.
    var failureText: String { unsafe String(cString: errorText) }

    /// Sets the handle up for `call`; false when libcurl refuses.
    ///
    /// `addresses` is where the URL's host is: none when the host is an address or a socket path is given.
    func begin(_ call: Call, addresses: [IPAddress], now: UInt64) -> Bool {
        self.call = call
        sizeBefore = nil
        unsafe errorText.pointee = 0
        let request = call.request
        set(CURLOPT_URL, request.url)
        setMethod(request)
        setHeaders(request.headers)
        setProxy(request.proxy)
        setAddresses(addresses, of: request.peer)
        setSocketPath(request.unixSocketPath)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(until: call.clock.deadline, from: now))
        return firstFailure == CURLE_OK
    }

    /// Has libcurl hand over the piece that was left, and read on.
    func goOn() {
        unsafe curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// Lets the call go and what was kept for it, its body and the secret in its header lines included.
    func end() {
        call = nil
        unsafe ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, nil)
        unsafe ccurl_set_string(easy, CURLOPT_PROXYUSERPWD, nil)
        unsafe ccurl_set_list(easy, CURLOPT_HTTPHEADER, nil)
        unsafe ccurl_set_list(easy, CURLOPT_RESOLVE, nil)
        unsafe curl_slist_free_all(headers)
        unsafe curl_slist_free_all(resolve)
        unsafe headers = nil
        unsafe resolve = nil
        socketPath = nil
    }

    /// Notes that libcurl is about to send the request; false stops it.
    ///
    /// libcurl sends a request again by itself when a kept connection dies without an answer: on another kept
    /// connection or on a new one. The socket callback refuses the new one, the seek callback the second sending of a body
    /// that is asked for; this refuses whatever is left: a request of which any byte was written is never begun again.
    func requestBegins() -> Bool {
        guard let call else { return false }
        guard !requestSent || !Promise.sentOnce.holds else {
            call.failure = .died(requestSent: true)
            return false
        }
        sizeBefore = requestSize
        call.bodyTaken = 0
        call.requestMoved()
        return true
    }

    private var requestSize: Int {
        var size: CLong = 0
        unsafe ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &size)
        return size
    }

    private func setMethod(_ request: PreparedCall) {
        var custom: String? = request.method
        if !request.body.isEmpty || !["GET", "HEAD"].contains(request.method) {
            set(CURLOPT_POST, 1)
            setBody(request.body)
            if request.method == "POST" { custom = nil }
        } else {
            set(request.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
            custom = nil
        }
        set(CURLOPT_CUSTOMREQUEST, custom)
    }

    /// Gives libcurl a short body at once, which leaves with the head; it asks for a longer one piece by piece.
    private func setBody(_ body: [UInt8]) {
        note(unsafe ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        guard !body.isEmpty, body.count < Transfer.shortBody else { return }
        // It copies as many bytes as it was told of.
        unsafe body.withUnsafeBytes { bytes in
            note(unsafe ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress))
        }
    }

    private func setHeaders(_ lines: HeaderLines) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines.lines {
            guard let longer = unsafe curl_slist_append(list, line) else { return note(CURLE_OUT_OF_MEMORY) }
            unsafe list = unsafe longer
        }
        unsafe headers = unsafe list
        note(unsafe ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
    }

    /// The environment's proxies are never asked: an empty name says that there is none.
    private func setProxy(_ proxy: OutboundProxy?) {
        set(CURLOPT_PROXY, proxy?.url ?? "")
        set(CURLOPT_HTTPPROXYTUNNEL, proxy == nil ? 0 : 1)
        guard let secret = proxy?.secret else { return set(CURLOPT_PROXYUSERPWD, nil) }
        secret.reveal { set(CURLOPT_PROXYUSERPWD, $0) }
    }

    private func setAddresses(_ addresses: [IPAddress], of peer: Target) {
        unsafe resolve = nil
        if !addresses.isEmpty {
            let listed = addresses.map { address in
                if case .v6 = address { "[\(address)]" } else { address.description }
            }
            let entry = "\(peer.host):\(peer.port):\(listed.joined(separator: ","))"
            unsafe resolve = unsafe curl_slist_append(nil, entry)
            if unsafe resolve == nil { note(CURLE_OUT_OF_MEMORY) }
        }
        note(unsafe ccurl_set_list(easy, CURLOPT_RESOLVE, resolve))
    }

    private func setSocketPath(_ path: String?) {
        socketPath = path.flatMap { SocketPath($0) }
        if path != nil && socketPath == nil { note(CURLE_COULDNT_CONNECT) }
        set(CURLOPT_UNIX_SOCKET_PATH, socketPath?.path)
        // A path by way of a descriptor names something else once the descriptor is closed, so no other call may find
        // the connection by it.
        let isPassing: CLong = socketPath?.isPassing == true ? 1 : 0
        set(CURLOPT_FRESH_CONNECT, isPassing)
        set(CURLOPT_FORBID_REUSE, isPassing)
    }

    private func milliseconds(until deadline: UInt64, from now: UInt64) -> CLong {
        let remaining = deadline > now ? (deadline - now + 999_999) / 1_000_000 : 0
        return CLong(min(max(remaining, 1), UInt64(Int32.max)))
    }

    private func note(_ code: CURLcode) {
        if firstFailure == CURLE_OK { firstFailure = code }
    }

    private func set(_ option: CURLoption, _ value: CLong) {
        note(unsafe ccurl_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) {
        if let value {
            note(unsafe ccurl_set_string(easy, option, value))
        } else {
            note(unsafe ccurl_set_string(easy, option, nil))
        }
    }

    private func setUp(_ policy: EndpointPolicy, userAgent: String) {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_NETRC, CLong(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_HTTP_VERSION, CLong(policy.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        set(CURLOPT_PIPEWAIT, policy.http2 ? 1 : 0)
        // All codings that libcurl knows are decoded, and none is asked for: the field is taken back (see ``HeaderLines``).
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_USERAGENT, userAgent.isEmpty ? nil : userAgent)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_NOPROGRESS, 1)
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        // Nobody speaks while a model thinks; routers must not forget the connection meanwhile.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_MAXAGE_CONN, 20)
        note(unsafe ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    }

    private func setUpCallbacks() {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let options = [
            CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA,
            CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA, CURLOPT_RESOLVER_START_DATA,
        ]
        for option in options {
            note(unsafe ccurl_set_pointer(easy, option, context))
        }
        note(unsafe ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, takeBody))
        note(unsafe ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, takeHeaderLine))
        note(unsafe ccurl_set_data_callback(easy, CURLOPT_READFUNCTION, giveBody))
        note(unsafe ccurl_set_seek_callback(easy, refuseToSeek))
        note(unsafe ccurl_set_open_socket_callback(easy, openSocket))
        note(unsafe ccurl_set_request_callback(easy, beginRequest))
        note(unsafe ccurl_set_resolver_callback(easy, refuseToResolve))
    }
}
