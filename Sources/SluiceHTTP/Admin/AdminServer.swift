import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The admin API on a Unix socket that only the gateway's own user and root may use.
package struct AdminServer: Service {
    private let path: String
    private let api: AdminAPI
    private let logger: Logger
    private let onRunning: @Sendable () async -> Void

    /// Creates a server for the socket at `path`, which is made with mode 0600; `onRunning` is called once it listens.
    package init(
        path: String,
        api: AdminAPI,
        logger: Logger,
        onRunning: @escaping @Sendable () async -> Void = {}
    ) {
        self.path = path
        self.api = api
        self.logger = logger
        self.onRunning = onRunning
    }

    /// Serves until a graceful shutdown is asked for, then takes the socket away.
    ///
    /// - Throws: ``ServerStartError`` when it can't listen.
    package func run() async throws {
        let place = try SocketPlace(path)
        defer { place.remove() }
        do {
            try await application(place).run()
        } catch let error as IOError {
            throw ServerStartError(description: "the admin socket \(path) can't be listened on: \(error)")
        }
    }

    private func application(_ place: SocketPlace) -> Application<AdminResponder> {
        let limits = ConnectionLimits(maxConnections: 64)
        let traffic = Traffic(limits)
        let bindPath = place.bindPath
        return Application(
            responder: AdminResponder(api: api, logger: logger),
            server: HTTPServerBuilder { responder in
                GuardedChannel(
                    responder: responder,
                    limits: limits,
                    traffic: traffic,
                    routes: RouteTable(surfaces: [AdminResponder.surface]),
                    admits: PeerCheck.admits
                )
            },
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: bindPath)),
            onServerRunning: { _ in
                place.restrict()
                await onRunning()
            },
            logger: Logger.quiet(logger)
        )
    }
}
