import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension OpenAIAPI {
    /// A stream of the provider's own chunks, from the first content on; an error in its place where none came.
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
        guard let beginning = await live.beginning(unless: hangup, within: silence) else { throw OpenAIError.gone }
        if case .ended(let end) = beginning { return try await failed(end, live.id, seat, call, context) }
        let text = text(of: call, context)
        let body = body(of: live.id, seat, context, hangup) { stream in
            guard let begun = try await begin(live, beginning, to: &stream) else { return false }
            if case .stream(let log) = begun { try await tell(log, text, connection?.halfClosed, to: &stream) }
            guard let end = await live.end() else { return false }
            try await stream.write(text.end(end))
            return true
        }
        var response = OpenAIAPI.events(of: live.id, body)
        response.headers.pass(live.limits)
        return response
    }

    /// Keeps a caller awake whose answer has not begun; nil when there is nobody any more who would answer.
    private func begin(
        _ live: LiveCall,
        _ beginning: CallBeginning,
        to stream: inout EventStream
    ) async throws -> CallBeginning? {
        var beginning = beginning
        while case .quiet = beginning {
            try await stream.write(ServerSentEvent.comment)
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
        _ text: ChunkText,
        _ halfClosed: Signal?,
        to stream: inout EventStream
    ) async throws {
        let silence = api.settings.streams.keepAlive.map { ($0, api.engine.time, api.engine.alarms) }
        try await log.read(silence: silence, nudge: halfClosed) { piece in
            guard let piece else { return try await stream.write(ServerSentEvent.comment) }
            try await stream.write(text.chunks(piece), of: log, upTo: piece.end)
        }
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
            throw OpenAIError.vanished.of(id)
        }
        let limits = api.settings.streams
        switch try await OpenAIAPI.beginning(of: start, limits.earlyHeads, api.engine, unless: hangup) {
        case .content, .quiet: break
        case .end(let job): throw OpenAIError(CallFailure(job)).of(id)
        case .stopped where hangup?.hasFired == true: throw OpenAIError.gone
        case .stopped: throw OpenAIError.stopping.of(id)
        }
        let text = text(of: call, context)
        let body = body(of: id, seat, context, hangup) { [api] stream in
            try await OpenAIAPI.follow(start, text, limits.keepAlive, api.engine, to: &stream)
            return true
        }
        return OpenAIAPI.events(of: id, body)
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

    private static func follow(
        _ start: FollowStart,
        _ text: ChunkText,
        _ keepAlive: Duration?,
        _ engine: Engine,
        to stream: inout EventStream
    ) async throws {
        try await engine.follow(start) { follower in
            var held = HeldChunks()
            while true {
                switch try await follower.next(within: keepAlive) {
                // Nobody has seen the beginning of the one before.
                case .attempt: held = HeldChunks()
                case .entries(let piece):
                    guard let chunks = held.take(piece, text) else { continue }
                    try await stream.write(chunks, of: follower.log, upTo: piece.end)
                case .nothing: try await stream.write(ServerSentEvent.comment)
                case .end(let job):
                    let end =
                        job.state == .succeeded ? text.terminalMark : ChunkText.error(OpenAIError(CallFailure(job)))
                    return try await stream.write(end)
                case .stopped: return try await stream.write(ChunkText.error(.stopping))
                }
            }
        }
    }

    private func text(of call: ParsedCall, _ context: GatewayContext) -> ChunkText {
        ChunkText(includesUsage: call.fields.includesUsage, terminalMark: context.surface.terminalMark)
    }

    /// What `tell` writes of the job `id`, for a caller who has `seat` until all is written or the connection is gone; it answers false where
    /// the end is not to be had, and then the answer has no orderly end.
    private func body(
        of id: JobID,
        _ seat: Seat,
        _ context: GatewayContext,
        _ hangup: Signal?,
        _ tell: @escaping @Sendable (inout EventStream) async throws -> Bool
    ) -> ResponseBody {
        let channel = context.channel
        return ResponseBody { [api] writer in
            let reaction = hangup?.onFire { seat.leave(delivered: false) }
            defer { if let reaction { hangup?.forget(reaction) } }
            var stream = EventStream(
                writer,
                channel,
                api.settings.streams,
                api.engine.time,
                of: id,
                logger: api.logger,
                farewell: EventStream.Farewell(time: .seconds(5)) { seat.leaveBehind() }
            )
            do {
                guard try await tell(&stream) else { return }
            } catch is EventStream.FellBehind {
                return try await stream.end(with: ChunkText.error(.tooSlow(id)))
            }
            try await stream.finish()
            seat.leave(delivered: true)
        }
    }

    private static func events(of id: JobID, _ body: ResponseBody) -> Response {
        var response = Response(status: .ok, headers: EventStream.headers, body: body)
        response.headers[.sluiceJob] = id.description
        return response
    }
}
