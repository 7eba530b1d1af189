import NIOCore

/// Notes that the caller has hung up, so that nothing goes on waiting on its behalf.
///
/// It is found through the channel of a request's context. The end of the caller's sending counts as a hang-up: who
/// closes only that half still gets the answer as it stands.
final class HangupHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    let signal = Signal()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { signal.fire() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        signal.fire()
        context.fireChannelInactive()
    }
}
