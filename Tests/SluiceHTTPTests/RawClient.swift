import NIOCore
import NIOPosix

/// A connection on which a test writes bytes as it likes.
struct RawClient {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ""

    /// Connects to a port of the loopback or to a Unix socket, and closes afterwards.
    static func with<Value: Sendable>(
        port: Int = 0,
        path: String? = nil,
        _ body: (inout RawClient) async throws -> Value
    ) async throws -> Value {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        let initializer: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            }
        }
        let channel =
            if let path {
                try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: initializer)
            } else {
                try await bootstrap.connect(host: "127.0.0.1", port: port, channelInitializer: initializer)
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&client)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// All that comes until the server closes.
    mutating func readToEnd() async throws -> String {
        while let buffer = try? await inbound.next() { received += String(buffer: buffer) }
        return received
    }

    /// All that has come once it holds `mark`; what came when the server closes before that.
    mutating func read(until mark: String) async throws -> String {
        while !received.contains(mark), let buffer = try await inbound.next() { received += String(buffer: buffer) }
        return received
    }
}
