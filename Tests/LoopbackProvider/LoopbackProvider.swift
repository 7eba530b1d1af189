import NIOCore
import NIOPosix

/// A provider on this machine that does what a test tells it, down to the byte, and remembers what it was sent.
///
/// It speaks HTTP/1.1 without TLS on a port of its own choosing, or on a Unix socket.
package final class LoopbackProvider: Sendable {
    /// Answers a request; the number counts all requests of this provider from 0.
    package typealias Script = @Sendable (_ request: RecordedRequest, _ number: Int) -> Reply

    /// The port; 0 on a Unix socket.
    package let port: Int

    private let ledger: Ledger
    private let channel: any Channel
    private let callers: OpenChannels

    private init(channel: any Channel, ledger: Ledger, callers: OpenChannels) {
        self.channel = channel
        self.ledger = ledger
        self.callers = callers
        port = channel.localAddress?.port ?? 0
    }

    /// Starts a provider.
    ///
    /// - Parameters:
    ///   - port: where to listen, for one that comes back where it was; 0 takes a free one.
    ///   - unixSocketPath: where to listen instead of on 127.0.0.1; at most 107 bytes.
    ///   - reads: false accepts connections and never reads a byte of them.
    ///   - remembers: false forgets each request once it is answered, for runs that send too many to be kept.
    ///   - script: answers the requests, on a thread of the provider: it must not block.
    /// - Returns: the provider, once it listens.
    /// - Throws: what the system says against listening.
    package static func start(
        port: Int = 0,
        unixSocketPath: String? = nil,
        reads: Bool = true,
        remembers: Bool = true,
        _ script: @escaping Script = { _, _ in .chat(text: "Hello!") }
    ) async throws -> LoopbackProvider {
        let ledger = Ledger(remembers: remembers)
        let callers = OpenChannels()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: reads)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ConnectionHandler(number: ledger.accept(), ledger: ledger, script: script)
                    callers.add(channel)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel =
            if let unixSocketPath {
                try await bootstrap.bind(unixDomainSocketPath: unixSocketPath, cleanupExistingSocketFile: true).get()
            } else {
                try await bootstrap.bind(host: "127.0.0.1", port: port).get()
            }
        return LoopbackProvider(channel: channel, ledger: ledger, callers: callers)
    }

    /// The base of its URLs, `http://127.0.0.1:PORT`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order in which they were read whole.
    package var requests: [RecordedRequest] { ledger.requests }

    /// How many connections were accepted so far.
    package var connections: Int { ledger.accepted }

    /// The requests so far, once there are `count` of them.
    package func requests(atLeast count: Int) async -> [RecordedRequest] {
        await ledger.waitForRequests(count)
        return ledger.requests
    }

    /// Returns once `count` connections were accepted.
    package func connections(atLeast count: Int) async {
        await ledger.waitForConnections(count)
    }

    /// Returns once the connection of that number is closed, by whichever side.
    package func closed(connection: Int) async {
        await ledger.waitForClose(of: connection)
    }

    /// Whether the connection of that number is closed by now.
    package func isClosed(connection: Int) -> Bool { ledger.isClosed(connection) }

    /// Stops listening and closes every open connection, as the end of a process would.
    package func leave() async {
        await stop()
        await callers.close()
    }

    /// Stops listening; open connections stay.
    package func stop() async {
        try? await channel.close()
    }
}
