import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Hummingbird's HTTP/1 connection between our guards.
struct GuardedChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let limits: ConnectionLimits
    let traffic: Traffic
    let routes: RouteTable
    let crossOrigin: CrossOrigin
    /// They bring the connections of many, and are not held to the limit of one address.
    let proxies: TrustedProxies
    /// Tells whether a peer may come in at all; nil lets everyone in.
    let admits: (@Sendable (any Channel) -> EventLoopFuture<Bool>)?

    init(
        responder: @escaping HTTPChannelHandler.Responder,
        limits: ConnectionLimits,
        traffic: Traffic,
        routes: RouteTable,
        crossOrigin: CrossOrigin = CrossOrigin(origins: []),
        proxies: TrustedProxies = TrustedProxies(),
        admits: (@Sendable (any Channel) -> EventLoopFuture<Bool>)? = nil
    ) {
        base = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [HangupHandler()],
                idleTimeout: TimeAmount(limits.idleTime),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.headerBytes,
                    // The target is counted among the fields.
                    maxHeaderListSize: limits.headerBytes + limits.urlBytes,
                    maxHeaderFieldCount: limits.headerFields
                )
            )
        )
        self.limits = limits
        self.traffic = traffic
        self.routes = routes
        self.crossOrigin = crossOrigin
        self.proxies = proxies
        self.admits = admits
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let counted = channel.remoteAddress?.countedAddress
        let address = proxies.trusts(counted) ? nil : counted
        let hasRoom = traffic.open(channel, address)
        if hasRoom { channel.closeFuture.whenComplete { _ in traffic.close(channel, address) } }
        let admission = admits?(channel) ?? channel.eventLoop.makeSucceededFuture(true)
        return admission.flatMap { isAdmitted in
            base.setup(channel: channel, logger: logger).flatMapThrowing { value in
                let connection = Connection(limits, crossOrigin) { [routes] in routes.surface(at: $0) }
                let entry: Refusal? = !hasRoom ? .full : isAdmitted ? nil : .foreignPeer
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(RequestGuard(connection), position: .after(decoder))
                try pipeline.addHandler(ConnectionGuard(connection, traffic, entry: entry), position: .first)
                return value
            }
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}
