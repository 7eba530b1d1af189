import ServiceLifecycle
import SluiceEngine

/// The engine, started once the server listens.
///
/// A server whose port is taken must not have sent a single prompt to a provider before it says so.
struct EngineService: Service {
    private let engine: Engine
    private let address: Address

    init(_ engine: Engine, after address: Address) {
        self.engine = engine
        self.address = address
    }

    func run() async throws {
        let isListening = await cancelWhenGracefulShutdown { await address.wait() != nil }
        guard isListening else { return }
        try await engine.run()
        // The engine may be done before its turn in the group's shutdown; a service that returns early counts as failed.
        try? await gracefulShutdown()
    }
}
