import NIOCore
import SluiceEngine

/// Notes that the caller has hung up, so that nothing goes on waiting on its behalf.
///
/// It is found through the channel of a request's context. The end of the caller's sending counts as a hang-up: who
/// closes only that half still gets the answer as it stands.
final class HangupHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    /// The caller sends no more.
    let hungUp = Signal()
    /// A request was given up in the middle of its body.
    let cut = Signal()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { hungUp.fire() }
        if event is RequestCut { cut.fire() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hungUp.fire()
        context.fireChannelInactive()
    }
}

/// Tells handlers further in that the request being read will not be completed.
struct RequestCut: Sendable {}
