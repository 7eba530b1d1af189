import Glibc
import NIOCore
import NIOPosix

/// One connection: reads requests, asks the script, plays the reply.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let ledger: Ledger
    private let script: LoopbackProvider.Script
    private var reader = RequestReader()
    private var waiting: [Reply.Step] = []
    private var isBusy = false

    init(number: Int, ledger: Ledger, script: @escaping LoopbackProvider.Script) {
        self.number = number
        self.ledger = ledger
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data).readableBytesView)
        serve(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ledger.close(number)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func serve(_ context: ChannelHandlerContext) {
        while !isBusy, let request = reader.next(connection: number) {
            waiting = script(request, ledger.record(request)).steps
            isBusy = true
            play(context)
        }
    }

    private func play(_ context: ChannelHandlerContext) {
        while !waiting.isEmpty {
            switch waiting.removeFirst() {
            case .send(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .wait(let gate):
                return resume(when: gate, context)
            case .pause(let milliseconds):
                return resume(after: .milliseconds(Int64(milliseconds)), context)
            case .close:
                return context.close(promise: nil)
            case .reset:
                return reset(context)
            case .sendForever(let bytes):
                return sendForever(ByteBuffer(bytes: bytes), context)
            case .stall:
                return
            }
        }
        isBusy = false
    }

    private func resume(when gate: Gate, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        gate.whenOpen {
            eventLoop.execute { ConnectionHandler.goOn(here) }
        }
    }

    private func resume(after pause: TimeAmount, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: pause) { ConnectionHandler.goOn(here) }
    }

    private static func goOn(_ here: NIOLoopBound<(ConnectionHandler, ChannelHandlerContext)>) {
        let (handler, context) = here.value
        guard context.channel.isActive else { return }
        handler.play(context)
        handler.serve(context)
    }

    private func reset(_ context: ChannelHandlerContext) {
        // A close that lingers for no time at all throws away what is unsent and resets.
        let now = linger(l_onoff: 1, l_linger: 0)
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(now)
        context.close(promise: nil)
    }

    private func sendForever(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        context.writeAndFlush(wrapOutboundOut(bytes)).whenSuccess {
            // Not at once: while writes succeed the loop would do nothing else, not even see that the peer has closed.
            eventLoop.scheduleTask(in: .microseconds(20)) {
                let (handler, context) = here.value
                handler.sendForever(bytes, context)
            }
        }
    }
}
