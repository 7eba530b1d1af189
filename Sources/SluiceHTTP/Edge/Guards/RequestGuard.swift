import NIOCore
import NIOHTTP1

/// The guard behind the decoder: what a request's head may look like, and when a connection ends.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        connection.cutRequest = { bound.value.fireUserInboundEventTriggered(RequestCut()) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connection.cutRequest = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !connection.isClosing, connection.queued == nil, !endsSoon || connection.clock.isReadingBody else {
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head): receive(head, context)
        case .body: context.fireChannelRead(data)
        case .end:
            connection.clock.bodyEnded()
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !connection.isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            connection.isAnswering = true
            // The rest of a body that nobody waits for would have to be read to the end.
            let isUnread = connection.pending == 1 && connection.clock.isReadingBody
            let isAsked = head.headers["connection"].contains { $0.lowercased() == "close" }
            if isUnread || isAsked { connection.closesAfterAnswer = true }
            if connection.closesAfterAnswer || (connection.closesWhenDone && connection.pending == 1) {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            context.write(data, promise: promise)
            connection.answered()
        default:
            context.write(data, promise: promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BreakOff else { return context.triggerUserOutboundEvent(event, promise: promise) }
        connection.breakOff()
        promise?.succeed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: connection.refuse(.largeHeader)
        case is HTTPParserError: connection.refuse(.malformed)
        default: context.fireErrorCaught(error)
        }
    }

    private var endsSoon: Bool { connection.closesAfterAnswer || connection.closesWhenDone }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        connection.target = head.uri
        connection.origin = head.headers.first(name: "origin")
        if let refusal = Refusal.check(head, connection.limits) { return connection.refuse(refusal) }
        var head = head
        let announced = head.headers.first(name: "content-length").flatMap { Int($0) }
        connection.clock.headEnded(at: .now(), announced: announced)
        connection.pending += 1
        let wantsClose = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
        if wantsClose || Refusal.isBefore11(head.version) {
            connection.closesWhenDone = true
        }
        // The exact word `close` would make Hummingbird stop by itself, without a word to the caller's next request.
        if wantsClose { head.headers.remove(name: "connection") }
        if connection.pending == 1, !Refusal.isBefore11(head.version), expectsContinue(head) {
            let interim = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Whether the caller waits for `100 Continue`, which is said of a body that may be as large as it announces.
    private func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) else { return false }
        let announced = head.headers["content-length"].first.flatMap { Int($0) } ?? 0
        return announced <= connection.surface(head.uri.prefix { $0 != "?" }).bodyLimit
    }
}
