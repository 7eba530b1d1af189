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
    private let holdsDirectory: @Sendable () -> Bool
    private let onRunning: @Sendable () async -> Void

    /// How long it takes at most until a socket that was deleted is missed.
    private static let look = Duration.seconds(2)

    /// Creates a server for the socket at `path`, which is made with mode 0600; `onRunning` is called once it listens.
    ///
    /// A socket that is deleted is made anew, while `holdsDirectory` says that its directory is still ours.
    package init(
        path: String,
        api: AdminAPI,
        holdsDirectory: @escaping @Sendable () -> Bool = { true },
        logger: Logger,
        onRunning: @escaping @Sendable () async -> Void = {}
    ) {
        self.path = path
        self.api = api
        self.logger = logger
        self.holdsDirectory = holdsDirectory
        self.onRunning = onRunning
    }

    /// Serves until a graceful shutdown is asked for, then takes the socket away.
    ///
    /// - Throws: ``ServerStartError`` when it can't listen.
    package func run() async throws {
        let place = try SocketPlace(path)
        defer { place.remove() }
        try await withThrowingDiscardingTaskGroup { listeners in
            var listener = listener(at: place, onRunning)
            listeners.addTask { [listener] in
                do {
                    try await listener.run()
                } catch let error as IOError {
                    throw ServerStartError(description: "the admin socket \(path) can't be listened on: \(error)")
                }
            }
            var isOther = false
            // The listeners learn by themselves of a stop.
            while await pause() {
                let standing = place.standing
                if standing == .other, !isOther {
                    logger.warning(
                        "something else stands where the admin socket was: move it away, and the socket is made anew",
                        metadata: ["path": "\(path)"]
                    )
                }
                isOther = standing == .other
                guard standing == .nothing, holdsDirectory() else { continue }
                logger.warning("the admin socket was deleted, and is made anew", metadata: ["path": "\(path)"])
                let former = listener
                // Whoever is being answered over the socket that was deleted is answered to the end.
                listener = self.listener(at: place) { await former.triggerGracefulShutdown() }
                listeners.addTask { [listener] in
                    do {
                        try await listener.run()
                    } catch {
                        logger.error("the admin socket can't be made anew", metadata: ["error": "\(error)"])
                    }
                }
            }
        }
    }

    /// Waits until it is time to look again; false when the server stops.
    private func pause() async -> Bool {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: AdminServer.look) }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }

    /// What listens on a socket at `place`, until it is stopped by itself or with all.
    private func listener(at place: SocketPlace, _ whenRunning: @escaping @Sendable () async -> Void) -> ServiceGroup {
        ServiceGroup(services: [application(place, whenRunning)], logger: Logger.quiet(logger))
    }

    private func application(
        _ place: SocketPlace,
        _ whenRunning: @escaping @Sendable () async -> Void
    ) -> Application<AdminResponder> {
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
                place.publish()
                await whenRunning()
            },
            logger: Logger.quiet(logger)
        )
    }
}
