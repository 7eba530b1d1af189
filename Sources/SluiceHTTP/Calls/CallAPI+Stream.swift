import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallAPI {
    /// A stream of the provider's own events, from the first content on; an error in its place where none came.
    ///
    /// Not inlined; see ``whole(_:_:_:_:_:)``.
    @inline(never)
    func stream(
        _ live: LiveCall,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext,
        _ connection: HangupHandler?
    ) async throws -> Response {
        let hangup = connection?.hungUp
        let silence = api.settings.streams.earlyHeads.map { LiveCall.Silence.sinceRequest($0) } ?? .any
        guard let beginning = await live.beginning(unless: hangup, within: silence) else { throw CallError.gone }
        if case .ended(let end) = beginning { return try await failed(end, live.id, seat, call, context) }
        let body = body(
            of: live.id,
            seat,
            wire.writer(of: call, as: live.id, requestID: context.requestID),
            context,
            hangup
        ) { stream, text in
            guard let begun = try await begin(live, beginning, text, to: &stream) else { return .stopped }
            var telling: AnswerTelling?
            if case .stream(let log) = begun {
                telling = try await tell(log, &text, connection?.halfClosed, to: &stream)
            }
            guard let end = try await end(of: live, text, to: &stream) else { return .stopped }
            return CallError(end, in: wire.envelope, to: call.headers).map { .broken($0) } ?? .whole(telling)
        }
        var response = CallAPI.events(of: live.id, body)
        response.headers.tell(of: live)
        return response
    }

    /// Keeps a caller awake whose answer has not begun; nil when there is nobody any more who would answer.
    private func begin(
        _ live: LiveCall,
        _ beginning: CallBeginning,
        _ text: any EntryWriter,
        to stream: inout EventStream
    ) async throws -> CallBeginning? {
        var beginning = beginning
        while case .quiet = beginning {
            try await stream.write(text.keepAlive)
            let silence = api.settings.streams.keepAlive.map { LiveCall.Silence.fromNow($0) } ?? .any
            guard let next = await live.beginning(within: silence) else { return nil }
            beginning = next
        }
        return beginning
    }

    /// Tells what comes; a caller whose sending has ended is asked by a comment whether it is still there, since who has gone
    /// answers by a reset.
    private func tell(
        _ log: JobLog,
        _ text: inout any EntryWriter,
        _ halfClosed: Signal?,
        to stream: inout EventStream
    ) async throws -> AnswerTelling {
        let silence = api.settings.streams.keepAlive.map { ($0, api.engine.time, api.engine.alarms) }
        var telling = AnswerTelling(of: log)
        try await log.read(silence: silence, nudge: halfClosed) { piece in
            guard let piece else {
                try await stream.write(text.keepAlive)
                return true
            }
            guard let told = telling.take(piece) else { return false }
            try await stream.write(text.text(of: told), of: log, upTo: told.end)
            return true
        }
        return telling
    }

    /// The end of a call whose answer has come, once it is committed; its caller is kept awake meanwhile.
    ///
    /// Nil when the task is cancelled.
    private func end(of live: LiveCall, _ text: any EntryWriter, to stream: inout EventStream) async throws -> CallEnd?
    {
        guard let pause = api.settings.streams.keepAlive else { return await live.end() }
        while !Task.isCancelled {
            if let end = await live.end(within: pause) { return end }
            try await stream.write(text.keepAlive)
        }
        return nil
    }

    /// The stream of a job that an earlier connection began: what came so far, what comes still.
    func replay(
        _ id: JobID,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext,
        _ connection: HangupHandler?
    ) async throws -> Response {
        let hangup = connection?.hungUp
        guard api.engine.memory.hasRoom else { throw Problem.memoryFull }
        // Nor can a log be told that another version wrote.
        guard case .found(let start) = try await api.engine.find(nil, in: id, owner: call.caller.owner) else {
            throw CallError.vanished.of(id)
        }
        let limits = api.settings.streams
        switch try await CallAPI.beginning(of: start, limits.earlyHeads, api.engine, unless: hangup) {
        case .content, .quiet: break
        case .end(let job): throw await error(of: job, to: call).of(id)
        case .stopped where hangup?.hasFired == true: throw CallError.gone
        case .stopped: throw CallError.stopping.of(id)
        }
        let writer = wire.writer(of: call, as: id, requestID: context.requestID)
        let body = body(of: id, seat, writer, context, hangup) { stream, text in
            try await follow(start, call, &text, to: &stream)
        }
        return CallAPI.events(of: id, body)
    }

    /// The stream of a job for which nobody has to wait: `first`, and then what comes of it from `start` on.
    func watch(
        _ start: FollowStart,
        _ id: JobID,
        _ writer: any EntryWriter,
        first: [UInt8],
        _ context: GatewayContext
    ) async throws -> Response {
        let connection = await context.connection()
        let body = body(of: id, nil, writer, context, connection?.hungUp) { stream, text in
            try await stream.write(first)
            return try await follow(start, nil, &text, to: &stream)
        }
        return CallAPI.events(of: id, body)
    }

    private enum Beginning: Sendable {
        case content
        case end(JobRecord)
        case stopped
        /// Nothing yet.
        case quiet
    }

    /// Waits for the first content, so that a call that fails before it can be answered by a status.
    private static func beginning(
        of start: FollowStart,
        _ silence: Duration?,
        _ engine: Engine,
        unless gone: Signal?
    ) async throws(StoreError) -> Beginning {
        let end = silence.map { engine.time.uptime() + $0 }
        return try await engine.follow(start, unless: gone) { (follower) throws(StoreError) -> Beginning in
            var beginning = AnswerBeginning()
            while true {
                switch try await follower.next(within: end.map { max($0 - engine.time.uptime(), .zero) }) {
                case .attempt: beginning = AnswerBeginning()
                case .nothing: return .quiet
                case .entries(let piece):
                    for entry in LogEntries(piece) { beginning.note(entry) }
                    if beginning.isBegun { return .content }
                case .end(let job): return .end(job)
                case .stopped: return .stopped
                }
            }
        }
    }

    private func follow(
        _ start: FollowStart,
        _ call: ParsedCall?,
        _ text: inout any EntryWriter,
        to stream: inout EventStream
    ) async throws -> StreamEnd {
        let engine = api.engine
        let keepAlive = api.settings.streams.keepAlive
        return try await engine.follow(start) { follower in
            var telling: AnswerTelling?
            var quiet = keepAlive.map { QuietTime($0, at: engine.time.uptime()) }
            while true {
                // Also where much comes of which the caller hears nothing.
                if quiet?.isOver(at: engine.time.uptime()) == true {
                    try await stream.write(text.keepAlive)
                }
                switch try await follower.next(within: quiet?.rest(at: engine.time.uptime())) {
                // One answer is not continued by another; where nothing was shown, nobody has seen the beginning of the one before.
                case .attempt(let attempt):
                    if telling?.hasBegun == true, Promise.oneAnswerAStream.holds { return .interrupted(.triedAgain) }
                    telling = nil
                    text.begin(Int(clamping: attempt.epoch))
                case .entries(let piece):
                    telling = telling ?? follower.log.map { AnswerTelling(of: $0) }
                    guard let told = telling?.take(piece) else { continue }
                    try await stream.write(text.text(of: told), of: follower.log, upTo: told.end)
                    quiet?.noteSound(at: engine.time.uptime())
                case .nothing: break
                case .end(let job):
                    return job.state == .succeeded ? .whole(telling) : .broken(await error(of: job, to: call))
                case .stopped: return .stopped
                }
            }
        }
    }

    /// How a stream ends.
    private enum StreamEnd: Sendable {
        /// Its answer is stored, and what was held back of it may be told; nil for one that had nothing to be told.
        case whole(AnswerTelling?)
        /// In whatever other way.
        case broken(CallError)
        /// The gateway stops, and nobody here learns what becomes of the job.
        case stopped
        /// Its job goes on, for a caller who comes back.
        case interrupted(CallError)
    }

    /// What `tell` writes of the job `id`, and then its end, for a caller who has `seat` until what closes the answer is handed over, or the
    /// connection is gone.
    private func body(
        of id: JobID,
        _ seat: Seat?,
        _ writer: any EntryWriter,
        _ context: GatewayContext,
        _ hangup: Signal?,
        _ tell: @escaping @Sendable (inout EventStream, inout any EntryWriter) async throws -> StreamEnd
    ) -> ResponseBody {
        let channel = context.channel
        return ResponseBody { [api] outlet in
            let reaction = hangup?.onFire { seat?.leave(delivered: false) }
            defer { if let reaction { hangup?.forget(reaction) } }
            api.engine.observation.streams.begin()
            defer { api.engine.observation.streams.end() }
            var text = writer
            var stream = EventStream(
                outlet,
                channel,
                api.settings.streams,
                api.engine.time,
                api.engine.observation.streams,
                of: id,
                logger: api.logger,
                farewell: EventStream.Farewell(time: .seconds(5)) { seat?.leaveBehind() }
            )
            let error: CallError
            var (isOver, isFinal) = (true, true)
            do {
                switch try await tell(&stream, &text) {
                case .whole(let telling):
                    return try await stream.finish(telling, text) { seat?.leave(delivered: true) }
                case .broken(let end): error = end
                case .stopped: (error, isFinal) = (.stopping, false)
                case .interrupted(let trouble): (error, isOver, isFinal) = (trouble, false, false)
                }
            } catch is EventStream.FellBehind {
                // It has taken its time already.
                (error, isFinal) = (.tooSlow(id), false)
            } catch let trouble as StoreError {
                // The call goes on, and may be found again.
                (error, isOver, isFinal) = (CallError(Problem(trouble)), false, false)
            }
            let last = text.broken(by: error, isFinal: isFinal)
            guard text.endsInOrder(isFinal: isFinal) else {
                return try await stream.breakOff(with: last) { [isOver] in seat?.leave(delivered: isOver) }
            }
            try await stream.finish(with: last) { [isOver] in seat?.leave(delivered: isOver) }
        }
    }

    private static func events(of id: JobID, _ body: ResponseBody) -> Response {
        var response = Response(status: .ok, headers: EventStream.headers, body: body)
        response.headers[.sluiceJob] = id.description
        return response
    }
}
