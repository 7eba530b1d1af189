import Glibc
import NIOCore
import NIOPosix
import ServiceLifecycle
import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite("A held port")
struct HeldPortTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// A port that is free now, at an address of the test's own, so that no other test takes it meanwhile.
    private func freePort(_ host: String) async throws -> Int {
        let server = try await ServerBootstrap(group: group).bind(host: host, port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        return port
    }

    private func expectTaken(_ host: String, _ port: Int) {
        let error = #expect(throws: ServerStartError.self) { try HeldPort(host: host, port: port) }
        #expect(error?.description.contains("\(host):\(port) is in use") == true, "\(error.map(\.description) ?? "")")
    }

    @Test("is nobody else's, and nobody is let in by it")
    func held() async throws {
        let host = "127.0.7.1"
        let port = try await freePort(host)
        let held = try HeldPort(host: host, port: port)
        expectTaken(host, port)
        let refusal = await #expect(throws: IOError.self) {
            try await ServerBootstrap(group: group).serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
        }
        #expect(refusal?.errnoCode == EADDRINUSE)
        await #expect(throws: NIOConnectionError.self) {
            try await ClientBootstrap(group: group).connect(host: host, port: port).get()
        }
        held.letGo()
        held.letGo()
        try HeldPort(host: host, port: port).letGo()
    }

    @Test("is let go to the server that listens there then, and is in use while that does")
    func letGo() async throws {
        let gateway = Gateway()
        let host = "127.0.7.2"
        let port = try await freePort(host)
        let held = try HeldPort(host: host, port: port)
        let (addresses, found) = AsyncStream.makeStream(of: BoundAddress.self)
        let server = GatewayServer(
            settings: HTTPSettings(host: host, port: port),
            store: gateway.store,
            engine: gateway.engine,
            tokens: gateway.tokens,
            logger: gateway.logger,
            now: { .now() },
            port: held,
            onRunning: { found.yield($0) }
        )
        let services = ServiceGroup(services: [server], logger: gateway.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // A server that can't start has no address.
                defer { found.finish() }
                try await services.run()
            }
            var iterator = addresses.makeAsyncIterator()
            guard let address = await iterator.next() else { return try await tasks.waitForAll() }
            #expect(address.port == port)
            expectTaken(host, port)
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("may be one whose last server has closed connections a moment ago")
    func afterConnections() async throws {
        let host = "127.0.7.3"
        let server = try await ServerBootstrap(group: group).childChannelInitializer { $0.close() }
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: 0).get()
        let port = try #require(server.localAddress?.port)
        let client = try await ClientBootstrap(group: group).connect(host: host, port: port).get()
        // The server closes first, so that it is its side that the system remembers.
        try await client.closeFuture.get()
        try await server.close()
        try HeldPort(host: host, port: port).letGo()
    }

    @Test("is none where the machine has no such address")
    func address() {
        let error = #expect(throws: ServerStartError.self) { try HeldPort(host: "192.0.2.1", port: 0) }
        #expect(error?.description.contains("is no address of this machine") == true)
    }
}
