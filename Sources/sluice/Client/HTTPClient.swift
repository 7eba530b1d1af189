import SluiceProvider
import SluiceTypes

/// A small HTTP client over the gateway's own transport.
struct HTTPClient: Sendable {
    let transport: any Transport

    /// Sends one request and reads the whole answer.
    ///
    /// - Throws: ``TransportError`` when no whole answer came.
    func send(
        method: String,
        url: String,
        headers: [HeaderField],
        body: [UInt8],
        secret: SecretHeader? = nil,
        unixSocketPath: String? = nil,
        patience: Duration = .seconds(120)
    ) async throws -> Reply {
        let type = body.isEmpty ? [] : [HeaderField("Content-Type", "application/json")]
        let call = OutgoingCall(
            url: url,
            method: method,
            headers: headers + type,
            body: body,
            secretHeader: secret,
            // The address is the user's own choice, not a provider's.
            policy: EndpointPolicy(allowPlainHTTP: true, allowPrivate: true),
            timeouts: CallTimeouts(connect: .seconds(5), firstByte: patience, total: max(patience, .seconds(600))),
            answerLimit: 64 << 20,
            unixSocketPath: unixSocketPath
        )
        var reply = Reply(status: 0, body: [])
        for try await event in transport.send(call) {
            switch event {
            case .head(let head): reply.status = head.status
            case .chunk(let bytes): reply.body += bytes
            case .end: break
            }
        }
        return reply
    }
}
