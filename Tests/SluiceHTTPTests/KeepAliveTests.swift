import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite("What fills a silence")
struct KeepAliveTests {
    @Test("is an event where clients count events alone")
    func events() {
        let sign = MessagesText(requestID: "req_1").keepAlive
        #expect(String(decoding: sign, as: UTF8.self) == "event: ping\ndata: {\"type\": \"ping\"}\n\n")
        #expect(ChunkText(includesUsage: false).keepAlive == ServerSentEvent.comment)
    }
}
