import NIOCore
import NIOPosix
import Synchronization

/// A connection that counts what it hears, and may be told to hear nothing.
struct Listener {
    private let channel: any Channel
    private let heard: Heard

    /// Connects to a port of the loopback and sends `request`; one that is deaf has as little room for what comes as the
    /// system lets it, and reads nothing.
    init(port: Int, _ request: String, isDeaf: Bool) async throws {
        let heard = Heard()
        self.heard = heard
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: !isDeaf)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Ear(heard)) }
            }
        if isDeaf { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4096) }
        channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
    }

    /// How many bytes came.
    var count: Int { heard.state.withLock { $0.count } }

    /// The last kilobyte of them.
    var tail: String { heard.state.withLock { String(decoding: $0.tail, as: UTF8.self) } }

    /// Returns when so many bytes have come, or the connection has ended.
    func hear(_ count: Int) async throws {
        while self.count < count, !heard.state.withLock({ $0.isOver }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Reads all that had been sent, to the end of the connection.
    func hearToEnd() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
        try await hear(.max)
    }

    func close() async throws {
        try await channel.close().get()
    }

    private final class Heard: Sendable {
        let state = Mutex<(count: Int, tail: [UInt8], isOver: Bool)>((0, [], false))
    }

    private final class Ear: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let heard: Heard

        init(_ heard: Heard) {
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data).readableBytesView
            heard.state.withLock { state in
                state.count += bytes.count
                state.tail = (state.tail + bytes.suffix(1024)).suffix(1024)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            heard.state.withLock { $0.isOver = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
