import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import SluiceTokens
package import SluiceTypes

/// `GET /metrics` on an address of its own, which callers need not reach.
package struct MetricsServer: Service {
    /// The flag that says where it listens.
    package static let flag = "metrics-address"

    private let host: String
    private let port: Int
    private let routes: RouteTable
    private let authorizer: Authorizer
    private let held: HeldPort
    private let logger: Logger

    /// Creates a server for `port`, which is `held` for it, or a free one for 0.
    ///
    /// Where it `isOpen` everybody is let in who reaches it; else it takes an API token with the scope `metrics`.
    package init(
        host: String,
        port: Int,
        isOpen: Bool,
        metrics: MetricsAPI,
        tokens: TokenService,
        held: HeldPort,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.host = host
        self.port = port
        self.held = held
        self.logger = logger
        authorizer = Authorizer(tokens: tokens, now: now)
        let surface = APISurface(
            name: "metrics",
            prefixes: ["/"],
            bodyLimit: 1 << 10,
            waysIn: "GET /metrics is all there is here",
            routes: metrics.routes(isOpen: isOpen)
        )
        routes = RouteTable(surfaces: [surface])
    }

    /// Serves until a graceful shutdown is asked for.
    ///
    /// - Throws: ``ServerStartError`` when it can't listen.
    package func run() async throws {
        let limits = ConnectionLimits(maxConnections: 64)
        let traffic = Traffic(limits)
        let crossOrigin = CrossOrigin(origins: [])
        var application = Application(
            responder: GatewayResponder(routes, authorizer, crossOrigin, logger: logger),
            server: HTTPServerBuilder { [routes] responder in
                GuardedChannel(
                    responder: responder,
                    limits: limits,
                    traffic: traffic,
                    routes: routes,
                    crossOrigin: crossOrigin
                )
            },
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [host, logger] channel in
                let address = BoundAddress(host: host, port: channel.localAddress?.port ?? 0)
                logger.info("metrics are served", metadata: ["address": "\(address)"])
            },
            logger: Logger.quiet(logger)
        )
        application.beforeServerStarts { [held] in held.letGo() }
        do {
            try await application.run()
        } catch let error as IOError {
            throw ServerStartError(error, "\(host):\(port)", flag: MetricsServer.flag)
        }
    }
}
