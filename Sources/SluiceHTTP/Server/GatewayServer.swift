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
/// In a service group it stands before the engine, so that it stops after it: what runs can be read until it has ended.
/// That a stop has begun it learns from the engine, which also ends the long polls.
package struct GatewayServer: Service {
    private let settings: HTTPSettings
    let api: APIContext
    let routes: RouteTable
    private let logger: Logger
    private let port: HeldPort?
    private let onRunning: @Sendable (BoundAddress) async -> Void

    /// Creates the server; `onRunning` is called with the address once it listens, on the `port` that was held for it.
    package init(
        settings: HTTPSettings,
        store: any JobReader & LedgerReader & StoreProof,
        engine: Engine,
        tokens: TokenService,
        metrics: MetricsAPI? = nil,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        port: HeldPort? = nil,
        onRunning: @escaping @Sendable (BoundAddress) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.port = port
        self.onRunning = onRunning
        api = APIContext(
            settings: settings,
            reader: store,
            ledger: store,
            engine: engine,
            tokens: tokens,
            traffic: Traffic(settings.limits),
            readiness: Readiness(store: store),
            metrics: metrics,
            logger: logger,
            now: now
        )
        routes = RouteTable.callers(api)
    }

    /// Serves until a graceful shutdown is asked for, then lets what is being answered finish.
    ///
    /// - Throws: ``ServerStartError`` when it can't listen.
    package func run() async throws {
        do {
            var application = application()
            application.beforeServerStarts { [port] in port?.letGo() }
            try await application.run()
        } catch let error as IOError {
            throw ServerStartError(error, "\(settings.host):\(settings.port)")
        }
    }

    /// The server as Hummingbird's own type.
    package func application() -> Application<GatewayResponder> {
        let limits = settings.limits
        let traffic = api.traffic
        let crossOrigin = CrossOrigin(origins: settings.origins)
        return Application(
            responder: GatewayResponder(
                routes,
                api.authorizer,
                crossOrigin,
                logsAccess: settings.logsAccess,
                proxies: settings.proxies,
                trace: api.trace,
                logger: logger
            ),
            server: HTTPServerBuilder { responder in
                GuardedChannel(
                    responder: responder,
                    limits: limits,
                    traffic: traffic,
                    routes: routes,
                    crossOrigin: crossOrigin,
                    proxies: settings.proxies
                )
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                // As many may come at once as may be open; of what is beyond, the caller's system asks again only a second later.
                backlog: min(limits.acceptedConnections, Int(UInt16.max)),
                availableConnectionsDelegate: ConnectionGate(limits.acceptedConnections, traffic, logger: logger)
            ),
            onServerRunning: { channel in
                await onRunning(BoundAddress(host: settings.host, port: channel.localAddress?.port ?? settings.port))
            },
            logger: Logger.quiet(logger)
        )
    }
}

extension Logger {
    /// The same logger for the web framework, which logs connections, and errors that we tell in our own words.
    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(.critical, logger.logLevel)
        return quiet
    }
}
