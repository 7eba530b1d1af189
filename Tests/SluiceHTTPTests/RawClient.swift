import NIOCore
import NIOPosix

/// A connection on which a test writes bytes as it likes.
struct RawClient {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var texts: AsyncStream<String>.AsyncIterator
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
            let (texts, source) = AsyncStream.makeStream(of: String.self)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // A reset ends the answer as a close does.
                    defer { source.finish() }
                    for try await buffer in inbound { source.yield(String(buffer: buffer)) }
                }
                defer { group.cancelAll() }
                var client = RawClient(outbound: outbound, texts: texts.makeAsyncIterator())
                return try await body(&client)
            }
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        texts: AsyncStream<String>.AsyncIterator
    ) {
        self.outbound = outbound
        self.texts = texts
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// All that comes until the server closes.
    mutating func readToEnd() async -> String {
        while let text = await texts.next(isolation: #isolation) { received += text }
        return received
    }

    /// All that has come once it holds `mark`; what came when the server closes before that.
    mutating func read(until mark: String) async -> String {
        while !received.contains(mark), let text = await texts.next(isolation: #isolation) { received += text }
        return received
    }
}
