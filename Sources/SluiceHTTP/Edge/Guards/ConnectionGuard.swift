import NIOCore
import SluiceTypes

/// The guard at the connection's edge: clocks, rates, the request line's length, and the last word.
///
/// Closing with unread bytes would reset the connection and could destroy the answer on its way, so it stops sending,
/// goes on reading for a moment without keeping anything, and then closes.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: Connection
    private let entry: Refusal?
    private let traffic: Traffic
    /// The body that is being read, once it takes longer than one read.
    private var upload: Upload?
    private var timer: Scheduled<Void>?
    private var lineLength = 0
    private var lineEnded = false
    /// Asked to make room before it had asked anything, and so with its first request.
    private var owesRoom = false
    /// The peer sends no more.
    private var isPeerDone = false
    /// Our last word has left.
    private var hasFlushed = false
    /// Whether a line begins with the next byte for the decoder.
    private var startsLine = false
    /// The beginning of a line that may become the field `Upgrade`: less than its name.
    private var lineBegun: ByteBuffer?
    /// As much of a request line as tells whose path it names.
    private static let startLength = 128

    /// Creates a guard; `entry` is what a connection is told that must not come in.
    init(_ connection: Connection, _ traffic: Traffic, entry: Refusal?) {
        self.connection = connection
        self.traffic = traffic
        self.entry = entry
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        connection.close = { refusal in bound.value.0.end(with: refusal, bound.value.1) }
        connection.closeWhenFlushed = { bound.value.0.endWhenFlushed(bound.value.1) }
        if context.channel.isActive { admit() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        endUpload()
        (connection.close, connection.closeWhenFlushed) = (nil, nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        admit()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !connection.isClosing else { return }
        let buffer = unwrapInboundIn(data)
        let wasReadingHead = connection.clock.isReadingHead
        connection.clock.received(buffer.readableBytes, at: .now())
        if connection.clock.isReadingHead {
            measureLine(buffer, isFirst: !wasReadingHead)
            if lineLength > connection.limits.urlBytes + 32 { return connection.refuse(.longURL) }
        }
        forward(buffer, context)
        if owesRoom, lineEnded, !connection.clock.isReadingHead {
            owesRoom = false
            connection.makeRoom()
        }
    }

    /// Hands bytes to the decoder, the field `Upgrade` of each head renamed.
    ///
    /// Whether a line belongs to a head or to a body only the decoder knows: it gets what stands before the line, and the
    /// guard behind it has told by then.
    private func forward(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        var rest = buffer
        if var begun = lineBegun.take() {
            begun.writeBuffer(&rest)
            rest = begun
        }
        var start = 0
        while let place = UpgradeField.find(in: rest.readableBytesView, from: start, startsLine: startsLine) {
            let offset: Int
            switch place {
            case .whole(let at), .partial(let at): offset = at
            }
            if offset > 0, let before = rest.readSlice(length: offset) {
                startsLine = true
                context.fireChannelRead(wrapInboundOut(before))
                guard !connection.isClosing else { return }
            }
            guard case .whole = place else {
                if connection.clock.isReadingBody { break }
                lineBegun = rest
                return
            }
            if !connection.clock.isReadingBody {
                rest.setString(UpgradeField.otherName, at: rest.readerIndex)
            }
            start = UpgradeField.otherName.utf8.count
        }
        guard let last = rest.readableBytesView.last else { return }
        startsLine = last == UInt8(ascii: "\n")
        context.fireChannelRead(wrapInboundOut(rest))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if connection.isClosing {
            // Handlers further in may have stopped asking.
            context.read()
        } else {
            noteUpload(context)
            schedule(context)
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is MakeRoom {
            // Who has asked nothing yet, or is in the middle of asking, is not sent away before it has its answer.
            if lineEnded, !connection.clock.isReadingHead { connection.makeRoom() } else { owesRoom = true }
            return
        }
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        isPeerDone = true
        if connection.isClosing, hasFlushed { context.close(promise: nil) }
        if connection.hasLastRequest, !connection.isClosing, Promise.lastRequestWaits.holds {
            context.fireUserInboundEventTriggered(HalfClose())
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Tells the others of a body that is not there yet.
    private func noteUpload(_ context: ChannelHandlerContext) {
        guard let body = connection.clock.body else { return endUpload() }
        if let upload { return upload.note(body.received) }
        let bound = NIOLoopBound(connection, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let upload = Upload(since: body.since, received: body.received) {
            loop.execute { if bound.value.clock.isReadingBody { bound.value.refuse(.slowBody) } }
        }
        self.upload = upload
        traffic.begin(upload, at: .now())
    }

    private func endUpload() {
        guard let upload = upload.take() else { return }
        traffic.end(upload)
    }

    private func admit() {
        if let entry { connection.refuse(entry) }
    }

    /// Counts the bytes of the request line, as long as it has not ended: a URL must not fill the decoder.
    private func measureLine(_ buffer: ByteBuffer, isFirst: Bool) {
        if isFirst {
            (lineLength, lineEnded) = (0, false)
            connection.lineStart.clear()
            (connection.target, connection.origin) = (nil, nil)
        }
        guard !lineEnded else { return }
        let view = buffer.readableBytesView
        connection.lineStart.writeBytes(view.prefix(ConnectionGuard.startLength - connection.lineStart.readableBytes))
        if let end = view.firstIndex(of: UInt8(ascii: "\n")) {
            lineLength += end - view.startIndex
            lineEnded = true
        } else {
            lineLength += view.count
        }
    }

    private func schedule(_ context: ChannelHandlerContext) {
        guard timer == nil, let deadline = connection.clock.nextCheck(after: .now()) else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            switch self.connection.clock.check(at: .now()) {
            case .fine: self.schedule(context)
            case .slowHead: self.connection.refuse(.slowHead)
            case .slowBody: self.connection.refuse(.slowBody)
            }
        }
    }

    /// Ends the connection once its peer's system has taken all that was written; whoever asks for it sees that it does not take for
    /// ever.
    private func endWhenFlushed(_ context: ChannelHandlerContext) {
        let flushed = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        flushed.futureResult.whenSuccess { bound.value.0.end(with: nil, bound.value.1) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: flushed)
    }

    private func end(with refusal: (Refusal, APISurface)?, _ context: ChannelHandlerContext) {
        timer?.cancel()
        endUpload()
        if let (refusal, surface) = refusal {
            let fields = connection.crossOrigin.fields(for: connection.origin)
            let bytes = refusal.bytes(on: surface, fields, context.channel.allocator)
            context.write(wrapOutboundOut(bytes), promise: nil)
        }
        // Not before it has left: where the peer has ended its sending, the connection is closed with it, whatever still waits.
        let flushed = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        flushed.futureResult.whenComplete { _ in bound.value.0.endSending(bound.value.1) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: flushed)
        context.read()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(connection.limits.lingerTime)) {
            context.close(promise: nil)
        }
    }

    private func endSending(_ context: ChannelHandlerContext) {
        hasFlushed = true
        if isPeerDone { context.close(promise: nil) } else { context.close(mode: .output, promise: nil) }
    }
}
