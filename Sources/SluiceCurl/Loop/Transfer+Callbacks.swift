import CCurl
import Glibc
import SluiceProvider
import SluiceTypes

// What libcurl calls, on the loop's thread, while it runs a transfer. The context is always the `Transfer`, which the
// pool keeps alive for as long as its handle is in libcurl's hands.

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

/// A piece of the answer's body.
///
/// Taking less than all of it ends the transfer; libcurl keeps a piece that is left, and reads no more until ``Transfer/goOn()``.
let takeBody: ccurl_data_callback = { data, size, count, context in
    guard let call = unsafe transfer(context)?.call, let data = unsafe data else { return 0 }
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
    return switch unsafe call.take(body: bytes) {
    case .taken: bytes.count
    case .left: Int(CURL_WRITEFUNC_PAUSE)
    case .refused: 0
    }
}

/// A line of a head or of the trailers, whole.
let takeHeaderLine: ccurl_data_callback = { data, size, count, context in
    guard let call = unsafe transfer(context)?.call, let data = unsafe data else { return 0 }
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
    return unsafe call.take(headerLine: bytes) ? bytes.count : 0
}

/// Room for a piece of the request's body.
let giveBody: ccurl_data_callback = { data, size, count, context in
    guard let call = unsafe transfer(context)?.call, let data = unsafe data else { return Int(CURL_READFUNC_ABORT) }
    let length = min(size * count, call.request.body.count - call.bodyTaken)
    guard length > 0 else { return 0 }
    unsafe call.request.body.withUnsafeBytes { body in
        guard let start = body.baseAddress else { return }
        unsafe memcpy(data, start + call.bodyTaken, length)
    }
    call.bodyTaken += length
    call.requestMoved()
    return length
}

/// Sending a body a second time begins with a seek to its start: a prompt would be billed twice.
///
/// libcurl asks only when it has a connection for the repetition; ``openSocket`` has refused a new one by then, so this
/// is for one that was kept.
let refuseToSeek: curl_seek_callback = { context, offset, _ in
    guard !Promise.sentOnce.holds, let call = unsafe transfer(context)?.call else { return CInt(CURL_SEEKFUNC_FAIL) }
    call.bodyTaken = Int(offset)
    return CInt(CURL_SEEKFUNC_OK)
}

/// Every request, also one that libcurl wants to repeat, begins here.
let beginRequest: curl_prereq_callback = { context, _, _, _, _ in
    unsafe transfer(context)?.requestBegins() == true ? CInt(CURL_PREREQFUNC_OK) : CInt(CURL_PREREQFUNC_ABORT)
}

/// Names reach libcurl with their addresses; were one to come without, its own look-up would take a thread.
///
/// It calls this for literal addresses too, which need no look-up.
let refuseToResolve: curl_resolver_start_callback = { _, _, context in
    guard let peer = unsafe transfer(context)?.call?.request.peer else { return 1 }
    return peer.address == nil ? 1 : 0
}

/// The last look at an address, just before the connection; and none for a request that was sent before.
let openSocket: curl_opensocket_callback = { context, _, address in
    let refused = curl_socket_t(-1)
    guard let transfer = unsafe transfer(context), let call = transfer.call, let address = unsafe address else {
        return refused
    }
    guard !transfer.requestSent || !Promise.sentOnce.holds else {
        // libcurl wants to send the request again.
        call.failure = .died(requestSent: true)
        return refused
    }
    let family = unsafe address.pointee.family
    if family == AF_UNIX {
        guard call.request.unixSocketPath != nil else { return refused }
    } else {
        // libcurl's structure ends in a sockaddr behind which there is room for the longer kinds.
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return refused }
        let place = unsafe UnsafeRawPointer(address).advanced(by: offset).assumingMemoryBound(to: sockaddr.self)
        guard let found = unsafe IPAddress(place), found.isAllowed(on: call.request) else {
            call.failure = .forbidden(call.request.peer.host)
            return refused
        }
    }
    let type = unsafe address.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
    let descriptor = unsafe socket(family, type, address.pointee.protocol)
    if descriptor < 0, errno == EMFILE || errno == ENFILE { call.failure = .noDescriptor }
    return descriptor
}
