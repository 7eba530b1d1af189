import SluiceCodings
import SluiceEngine
import SluiceProvider
import SluiceTypes

/// One way to a collector: how a message is sent, and what its answer means.
struct Delivery: Sendable {
    /// What came of a try.
    enum Outcome: Hashable {
        case taken
        /// So many of it were not, for this reason.
        case partlyTaken(rejected: Int, String)
        /// It may be taken later, after so long where the collector says how long.
        case later(Duration?, String)
        case refused(String)
    }

    /// The longest answer that is read, in bytes.
    private static let mostBytes = 1 << 16

    let target: ExportSettings.Target
    let transport: any Transport

    /// Tries once.
    func send(_ message: [UInt8], at now: @Sendable () -> Timestamp) async -> Outcome {
        var headers = [HeaderField("content-type", isJSON ? "application/json" : "application/x-protobuf")]
        var body = message
        if target.isCompressed, let packed = ContentEncoder.gzip(message) {
            body = packed
            headers.append(HeaderField("content-encoding", "gzip"))
        }
        let call = OutgoingCall(
            url: target.url,
            method: "POST",
            headers: headers,
            body: body,
            secretHeader: nil,
            secretHeaders: target.headers,
            // The address is the operator's own.
            policy: EndpointPolicy(allowPlainHTTP: true, allowPrivate: true),
            timeouts: CallTimeouts(
                connect: target.timeout,
                firstByte: target.timeout,
                idle: target.timeout,
                total: target.timeout
            ),
            answerLimit: Delivery.mostBytes
        )
        var head: ResponseHead?
        var answer: [UInt8] = []
        do throws(TransportError) {
            for try await event in transport.send(call) {
                switch event {
                case .head(let found): head = found
                case .chunk(let bytes): answer += bytes
                case .end: break
                }
            }
        } catch {
            // What it says with its status it has said: whether all of its body came is of no account.
            if let head { return outcome(head, [], now()) }
            // Not the error's sentence, which may have the address in it.
            return error.kind == .refused
                ? .refused("the address can't be called") : .later(nil, "the call ended with \(error.kind.rawValue)")
        }
        guard let head else { return .later(nil, "the call broke off") }
        return outcome(head, answer, now())
    }

    private var isJSON: Bool { target.format == .json }

    /// Source: <https://opentelemetry.io/docs/specs/otlp/#failures-1>.
    private func outcome(_ head: ResponseHead, _ body: [UInt8], _ now: Timestamp) -> Outcome {
        switch head.status {
        case 200...299:
            guard let part = PartialSuccess(body, isJSON: isJSON) else { return .taken }
            return .partlyTaken(rejected: part.rejected, "the collector rejected some: \(shown(part.message))")
        case 429, 502, 503, 504:
            // What else providers say of waiting is none of a collector's.
            var head = head
            head.headers = head.headers.filter { $0.isNamed("retry-after") }
            return .later(RetryAfter.parse(head, now: now), "the collector answered with status \(head.status)")
        default: return .refused("the collector answered with status \(head.status)")
        }
    }

    /// What a collector says, short and without what it was told in secret.
    private func shown(_ message: String) -> String {
        let isSafe = target.headers.allSatisfy { header in header.secret.reveal { !message.contains($0) } }
        return isSafe ? Scrubber.scrub(String(message.prefix(200))) : "(what it says holds a secret)"
    }
}
