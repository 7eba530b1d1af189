package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import SluiceEngine
package import SluiceStore
package import SluiceTokens
package import SluiceTypes

/// The callers' HTTP server.
///
/// In a service group it stands after the engine, so that it stops first: it announces the stop, goes on serving for
/// the drain delay, ends the long polls, and then lets what is being answered finish.
package struct GatewayServer: Service {
    private let settings: HTTPSettings
    let api: PromptAPI
    private let logger: Logger
    private let onRunning: @Sendable (BoundAddress) async -> Void

    /// Creates the server; `onRunning` is called with the address once it listens.
    package init(
        settings: HTTPSettings,
        store: any Store,
        engine: Engine,
        tokens: TokenService,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        onRunning: @escaping @Sendable (BoundAddress) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.onRunning = onRunning
        api = PromptAPI(
            settings: settings,
            store: store,
            engine: engine,
            tokens: tokens,
            traffic: Traffic(settings.limits),
            drain: Drain(),
            readiness: Readiness(store: store),
            logger: logger,
            now: now
        )
    }

    /// True from the moment a stop was asked for.
    package var isDraining: Bool { api.drain.announced.hasFired }

    /// Announces the stop and ends the long polls, as a stop without a drain delay does.
    package func beginDraining() {
        api.drain.announced.fire()
        api.drain.begun.fire()
    }

    /// Serves until a graceful shutdown is asked for.
    ///
    /// - Throws: ``ServerStartError`` when it can't listen.
    package func run() async throws {
        let group = ServiceGroup(services: [application()], logger: Logger.quiet(logger))
        // Detached, because a task of ours would carry our graceful shutdown straight into the listener, before the
        // drain delay is over.
        let serving = Task.detached { try await group.run() }
        do {
            try await withTaskCancellationHandler {
                try await withGracefulShutdownHandler {
                    try await serving.value
                } onGracefulShutdown: {
                    api.drain.announced.fire()
                    // The handler can't wait, and the delay must not hold up other services.
                    Task.detached {
                        try? await Task.sleep(for: settings.drainDelay)
                        api.drain.begun.fire()
                        await group.triggerGracefulShutdown()
                    }
                }
            } onCancel: {
                serving.cancel()
            }
        } catch let error as IOError {
            throw ServerStartError(error, "\(settings.host):\(settings.port)")
        }
    }

    /// The server as Hummingbird's own type.
    package func application() -> Application<GatewayResponder> {
        let limits = settings.limits
        let traffic = api.traffic
        let bodyLimit = settings.bodyLimit
        return Application(
            responder: GatewayResponder(api.routes(), logger: logger),
            server: HTTPServerBuilder { responder in
                GuardedChannel(responder: responder, limits: limits, traffic: traffic, bodyLimit: bodyLimit)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 1024
            ),
            onServerRunning: { channel in
                await onRunning(BoundAddress(host: settings.host, port: channel.localAddress?.port ?? settings.port))
            },
            logger: Logger.quiet(logger)
        )
    }
}

/// Where the server listens.
package struct BoundAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    /// `host:port`, an IPv6 host in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why a server could not start: one sentence with what to do.
package struct ServerStartError: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension Logger {
    /// The same logger for the web framework, which logs connections, and errors that we tell in our own words.
    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(.critical, logger.logLevel)
        return quiet
    }
}
