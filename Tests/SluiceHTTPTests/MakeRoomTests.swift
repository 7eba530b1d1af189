import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SluiceHTTP

/// Connections that are asked to end, since others wait to be accepted.
struct MakeRoomTests {
    /// Counts the events that say so to whatever answers requests.
    private final class Quiet: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        var count = 0

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is ChannelShouldQuiesceEvent { count += 1 }
        }
    }

    private func stand(_ traffic: Traffic) throws -> (channel: EmbeddedChannel, quiet: Quiet) {
        let channel = EmbeddedChannel()
        let quiet = Quiet()
        let connection = Connection(ConnectionLimits(), CrossOrigin(origins: [])) { _ in
            APISurface(name: "any", prefixes: ["/"], bodyLimit: 1 << 20)
        }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ConnectionGuard(connection, traffic, entry: nil))
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(RequestGuard(connection))
        try pipeline.addHandler(quiet)
        #expect(traffic.open(channel, nil))
        return (channel, quiet)
    }

    private static let head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func eachConnectionIsAskedOnceHoweverOftenThereIsNoRoom() throws {
        let traffic = Traffic(ConnectionLimits())
        let (first, quiet) = try stand(traffic)
        try first.writeInbound(ByteBuffer(string: Self.head))
        traffic.makeRoom()
        traffic.makeRoom()
        #expect(quiet.count == 1)
        let (second, later) = try stand(traffic)
        try second.writeInbound(ByteBuffer(string: Self.head))
        traffic.makeRoom()
        #expect(quiet.count == 1 && later.count == 1)
        // One that is closed is not asked at all.
        let (third, gone) = try stand(traffic)
        try third.writeInbound(ByteBuffer(string: Self.head))
        traffic.close(third, nil)
        traffic.makeRoom()
        #expect(gone.count == 0)
    }

    @Test func whoHasAskedNothingYetHasItsAnswerFirst() throws {
        let traffic = Traffic(ConnectionLimits())
        let (channel, quiet) = try stand(traffic)
        traffic.makeRoom()
        #expect(quiet.count == 0)
        try channel.writeInbound(ByteBuffer(bytes: Self.head.utf8.dropLast(2)))
        #expect(quiet.count == 0, "the head is not whole, and a server would end what seems idle")
        try channel.writeInbound(ByteBuffer(string: "\r\n"))
        #expect(quiet.count == 1)
    }
}
