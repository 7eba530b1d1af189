import SluiceProvider
import SluiceTypes

/// A call beside all jobs: it is made once, is soon over, and nothing of it is kept.
struct BriefCall: Sendable {
    /// What came of it.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]

        var isGood: Bool { (200...299).contains(status) }
    }

    private let call: OutgoingCall

    /// A call to `row` with `secret`, whose answer comes within `patience` and has `mostBytes` bytes at most; nil where the row makes
    /// no calls, or its credential fits none.
    init?(_ call: HTTPCall, to row: ProviderRow, secret: Secret?, patience: Duration, mostBytes: Int) {
        guard var endpoint = row.endpoint else { return nil }
        endpoint.timeouts = CallTimeouts(connect: patience / 2, firstByte: patience, idle: patience, total: patience)
        endpoint.answerLimit = mostBytes
        guard let outgoing = OutgoingCall(call, to: endpoint, secret: secret) else { return nil }
        self.call = outgoing
    }

    /// A call to an address that is no row's.
    init(_ call: OutgoingCall) {
        self.call = call
    }

    /// Makes the call.
    ///
    /// - Throws: ``TransportError`` where no whole answer comes.
    func answer(over transport: any Transport) async throws(TransportError) -> Answer {
        var answer = Answer(status: 0, body: [])
        for try await event in transport.send(call) {
            switch event {
            case .head(let head): answer.status = head.status
            case .chunk(let bytes): answer.body += bytes
            case .end: return answer
            }
        }
        throw TransportError(.reset, requestSent: true, "the call broke off")
    }
}
