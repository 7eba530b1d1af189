import NIOCore
import SluiceEngine

/// Notes that the caller has hung up, so that nothing goes on waiting on its behalf.
///
/// It is found through the channel of a request's context. The end of the caller's sending counts as a hang-up, unless the
/// request was its last anyhow: see ``HalfClose``.
final class HangupHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    /// The caller sends no more.
    let hungUp = Signal()
    /// The caller sends no more, which it had announced: it may still wait for the answer.
    let halfClosed = Signal()
    /// A request was given up in the middle of its body.
    let cut = Signal()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { hungUp.fire() }
        if event is RequestCut { cut.fire() }
        if event is HalfClose { halfClosed.fire() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hungUp.fire()
        context.fireChannelInactive()
    }
}

/// Tells handlers further in that the request being read will not be completed.
struct RequestCut: Sendable {}

/// Tells handlers further in that the caller has ended its sending behind a whole request, on a connection that was to end with it
/// (`Connection: close`, or HTTP/1.0): many tools do, and wait for their answer.
struct HalfClose: Sendable {}
