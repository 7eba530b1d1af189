import LoopbackProvider
import SluiceCurl
import SluiceProvider
import SluiceTypes
import Synchronization

/// A whole answer, collected.
struct Answer: Hashable {
    var head: ResponseHead?
    var pieces: [[UInt8]] = []
    var hasEnd = false

    var text: String { String(decoding: pieces.joined(), as: UTF8.self) }
}

extension TransportEvents {
    /// Everything up to the end; an error on the way is thrown.
    func answer() async throws(TransportError) -> Answer {
        var answer = Answer()
        for try await event in self {
            switch event {
            case .head(let head): answer.head = head
            case .chunk(let bytes): answer.pieces.append(bytes)
            case .end: answer.hasEnd = true
            }
        }
        return answer
    }

    /// What came before the stream failed, and how it failed; nil when it didn't.
    func failure() async -> TransportError? {
        do throws(TransportError) {
            _ = try await answer()
            return nil
        } catch {
            return error
        }
    }
}

/// Timeouts that no test runs into by being slow.
let patient = CallTimeouts(connect: .seconds(60), firstByte: .seconds(60), idle: .seconds(60), total: .seconds(60))

/// A call to `url` with what a test wants different.
func call(
    _ url: String,
    method: String = "POST",
    headers: [HeaderField] = [],
    body: String = "",
    secret: SecretHeader? = nil,
    policy: EndpointPolicy = EndpointPolicy(),
    timeouts: CallTimeouts = patient,
    limit: Int = 1 << 20,
    socket: String? = nil
) -> OutgoingCall {
    OutgoingCall(
        url: url,
        method: method,
        headers: headers,
        body: Array(body.utf8),
        secretHeader: secret,
        policy: policy,
        timeouts: timeouts,
        answerLimit: limit,
        unixSocketPath: socket
    )
}

/// Lets everything through that a test with made-up names on this machine needs.
let open = EndpointPolicy(allowPlainHTTP: true, allowPrivate: true)

/// Where made-up names lead.
let loopbackAddress = IPAddress.v4(0x7F_00_00_01)

/// Counts from any thread.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func increment() {
        count.add(1, ordering: .acquiringAndReleasing)
    }
}
