import CCurl
import SluiceProvider

extension TransportError {
    /// Every address of `host` is one that the policy forbids.
    static func forbidden(_ host: String) -> TransportError {
        let message = "Every address of \(host) is private or special; allow that with allowPrivate if it is meant."
        return TransportError(.forbiddenAddress, requestSent: false, message)
    }

    /// The limit of open files is reached.
    static let noDescriptor = TransportError(
        .noDescriptor,
        requestSent: false,
        "The gateway may open no more sockets: as many files are open as may be."
    )

    /// The connection died.
    static func died(requestSent: Bool) -> TransportError {
        let message =
            requestSent
            ? "The connection died after the request was sent; nobody knows whether it was carried out."
            : "The connection died before the request was sent."
        return TransportError(.reset, requestSent: requestSent, message)
    }

    /// A part of the call took too long.
    static func overdue(_ kind: Kind, _ timeouts: CallTimeouts, requestSent: Bool) -> TransportError {
        let message =
            switch kind {
            case .connectTimeout: "No connection within \(timeouts.connect)."
            case .firstByteTimeout: "No answer began within \(timeouts.firstByte)."
            case .idleTimeout: "The answer stood still for \(timeouts.idle)."
            default: "The call was not over within \(timeouts.total)."
            }
        return TransportError(kind, requestSent: requestSent, message)
    }

    /// What libcurl's code means; nil for success.
    ///
    /// `detail` is libcurl's own sentence, shown only when nothing was exchanged that it could quote.
    init?(_ code: CURLcode, _ call: PreparedCall, requestSent: Bool, phase: CallClock.Phase, detail: String) {
        let way = call.proxy == nil ? "" : " through the proxy \(call.peer.host):\(call.peer.port)"
        let target = "\(call.target.host):\(call.target.port)\(way)"
        let words = unsafe String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_OK:
            return nil
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(.resolve, requestSent: false, "The name \(call.peer.host) has no address.")
        case CURLE_OPERATION_TIMEDOUT where phase == .connecting:
            self = .overdue(.connectTimeout, call.timeouts, requestSent: false)
        case CURLE_OPERATION_TIMEDOUT:
            self = .overdue(.totalTimeout, call.timeouts, requestSent: requestSent)
        // libcurl has one code for a dead connection and for broken chunks; only its sentence tells them apart.
        case CURLE_RECV_ERROR where detail.hasSuffix("in chunked-encoding"):
            self.init(.malformed, requestSent: true, "The answer's chunks are broken.")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2_STREAM:
            self = phase == .connecting ? .unconnected(target, detail) : .died(requestSent: requestSent)
        case _ where phase == .connecting:
            self = .unconnected(target, detail.isEmpty ? words : detail)
        case CURLE_PARTIAL_FILE:
            self.init(.malformed, requestSent: true, "The answer ended before its framing said so.")
        case CURLE_BAD_CONTENT_ENCODING:
            self.init(.malformed, requestSent: true, "The answer is in a coding that is not known here, or is broken.")
        case CURLE_UNSUPPORTED_PROTOCOL:
            self.init(.malformed, requestSent: requestSent, "The answer is not HTTP.")
        default:
            self.init(.malformed, requestSent: requestSent, "The answer can't be read: \(words).")
        }
    }

    private static func unconnected(_ target: String, _ detail: String) -> TransportError {
        TransportError(.connect, requestSent: false, "No connection to \(target): \(detail).")
    }
}
