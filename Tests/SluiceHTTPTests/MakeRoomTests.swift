import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SluiceHTTP

/// Connections that are asked to end, since others wait to be accepted.
struct MakeRoomTests {
    /// Counts how often its connection is asked.
    private final class Asked: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        var count = 0

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is MakeRoom { count += 1 }
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func stand(_ traffic: Traffic) throws -> (channel: EmbeddedChannel, connection: Connection, asked: Asked) {
        let channel = EmbeddedChannel()
        let asked = Asked()
        let connection = Connection(ConnectionLimits(), CrossOrigin(origins: [])) { _ in
            APISurface(name: "any", prefixes: ["/"], bodyLimit: 1 << 20)
        }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(asked)
        try pipeline.addHandler(ConnectionGuard(connection, traffic, entry: nil))
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(RequestGuard(connection))
        #expect(traffic.open(channel, nil))
        return (channel, connection, asked)
    }

    private static let head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func eachConnectionIsAskedOnceHoweverOftenThereIsNoRoom() throws {
        let traffic = Traffic(ConnectionLimits())
        let (_, _, first) = try stand(traffic)
        traffic.makeRoom()
        traffic.makeRoom()
        #expect(first.count == 1)
        let (_, _, second) = try stand(traffic)
        traffic.makeRoom()
        #expect(first.count == 1 && second.count == 1)
        let (channel, _, gone) = try stand(traffic)
        traffic.close(channel, nil)
        traffic.makeRoom()
        #expect(gone.count == 0)
    }

    @Test func whoHasAskedNothingYetHasItsAnswerFirst() throws {
        let traffic = Traffic(ConnectionLimits())
        let (channel, connection, _) = try stand(traffic)
        traffic.makeRoom()
        for piece in [Array(Self.head.utf8.dropLast(2)), Array("\r\n".utf8)] {
            #expect(!connection.isClosing && !connection.closesWhenDone)
            try channel.writeInbound(ByteBuffer(bytes: piece))
        }
        #expect(connection.closesWhenDone && connection.pending == 1 && !connection.isClosing)
        connection.answered()
        #expect(connection.isClosing)
    }

    @Test func whoIsBeingAnsweredEndsThenAndWhoeverIsIdleAtOnce() throws {
        let traffic = Traffic(ConnectionLimits())
        let (busy, answering, _) = try stand(traffic)
        let (idle, waiting, _) = try stand(traffic)
        for channel in [busy, idle] { try channel.writeInbound(ByteBuffer(string: Self.head)) }
        waiting.answered()
        #expect(!waiting.isClosing)
        traffic.makeRoom()
        #expect(waiting.isClosing)
        #expect(answering.closesWhenDone && !answering.isClosing)
        answering.answered()
        #expect(answering.isClosing)
    }
}
