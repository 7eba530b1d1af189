import ServiceLifecycle
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite
struct ServerTests {
    private func server(
        _ gateway: Gateway,
        port: Int,
        onRunning: @escaping @Sendable (BoundAddress) -> Void
    ) -> GatewayServer {
        GatewayServer(
            settings: HTTPSettings(port: port),
            store: gateway.store,
            engine: gateway.engine,
            tokens: gateway.tokens,
            logger: gateway.logger,
            now: { .now() },
            onRunning: { onRunning($0) }
        )
    }

    @Test("Port 0 picks a free port and says which; a port in use is refused with a sentence; a stop ends it")
    func ports() async throws {
        let gateway = Gateway()
        let (addresses, found) = AsyncStream.makeStream(of: BoundAddress.self)
        let first = server(gateway, port: 0) { found.yield($0) }
        let group = ServiceGroup(services: [first], logger: gateway.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = addresses.makeAsyncIterator()
            let address = try #require(await iterator.next())
            #expect(address.port > 0)
            let answer = try await RawClient.with(port: address.port) { raw in
                try await raw.send("GET /healthz HTTP/1.0\r\n\r\n")
                return await raw.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            let error = await #expect(throws: ServerStartError.self) {
                try await server(gateway, port: address.port) { _ in }.run()
            }
            #expect(error?.description.contains("is in use") == true)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("An IPv6 address is written in brackets")
    func brackets() {
        #expect(BoundAddress(host: "::1", port: 80).description == "[::1]:80")
        #expect(BoundAddress(host: "127.0.0.1", port: 80).description == "127.0.0.1:80")
    }
}
