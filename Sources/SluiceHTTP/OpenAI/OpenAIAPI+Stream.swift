import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension OpenAIAPI {
    /// A stream of the provider's own chunks, from the first on; an error in its place where none came.
    ///
    /// Not inlined; see ``whole(_:_:_:_:_:)``.
    @inline(never)
    func stream(
        _ live: LiveCall,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext,
        _ hangup: Signal?
    ) async throws -> Response {
        switch await live.beginning(unless: hangup) {
        case nil: throw OpenAIError.gone
        case .ended(let end): return try await failed(end, live.id, seat, call, context)
        case .stream(let log):
            let text = ChunkText(
                includesUsage: call.fields.includesUsage,
                terminalMark: context.surface.terminalMark
            )
            let channel = context.channel
            let body = ResponseBody { [api] writer in
                let reaction = hangup?.onFire { seat.leave(delivered: false) }
                defer { if let reaction { hangup?.forget(reaction) } }
                var stream = EventStream(writer, channel, api.settings.streams, api.engine.time, logger: api.logger)
                try await log.read { piece in
                    try await stream.write(text.chunks(piece), of: log, upTo: piece.end)
                    return true
                }
                guard let end = await live.end() else { return }
                try await stream.write(text.end(end))
                try await stream.finish()
                seat.leave(delivered: true)
            }
            var response = OpenAIAPI.events(of: live.id, body)
            response.headers.pass(live.limits)
            return response
        }
    }

    /// The stream of a job that an earlier connection began: what came so far, what comes still.
    func replay(
        _ id: JobID,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext,
        _ hangup: Signal?
    ) async throws -> Response {
        guard api.engine.hasRoomForStreams else { throw Problem.tooManyStreams }
        // Nor can a log be told that another version wrote.
        guard case .found(let start) = try await api.engine.find(nil, in: id, owner: call.caller.owner) else {
            throw OpenAIError.vanished.of(id)
        }
        switch try await OpenAIAPI.beginning(of: start, api.engine, unless: hangup) {
        case .chunk: break
        case .end(let job): throw OpenAIError(CallFailure(job)).of(id)
        case .stopped where hangup?.hasFired == true: throw OpenAIError.gone
        case .stopped: throw OpenAIError.stopping.of(id)
        }
        let text = ChunkText(
            includesUsage: call.fields.includesUsage,
            terminalMark: context.surface.terminalMark
        )
        let channel = context.channel
        let body = ResponseBody { [api] writer in
            let reaction = hangup?.onFire { seat.leave(delivered: false) }
            defer { if let reaction { hangup?.forget(reaction) } }
            var stream = EventStream(writer, channel, api.settings.streams, api.engine.time, logger: api.logger)
            try await OpenAIAPI.follow(start, text, api.settings.streams.keepAlive, api.engine, to: &stream)
            try await stream.finish()
            seat.leave(delivered: true)
        }
        return OpenAIAPI.events(of: id, body)
    }

    private enum Beginning: Sendable {
        case chunk
        case end(JobRecord)
        case stopped
    }

    /// Waits for the first chunk, so that a call that fails before it can be answered by a status.
    private static func beginning(
        of start: FollowStart,
        _ engine: Engine,
        unless gone: Signal?
    ) async throws(StoreError) -> Beginning {
        try await engine.follow(start, unless: gone) { (follower) throws(StoreError) -> Beginning in
            while true {
                switch try await follower.next(within: .seconds(60)) {
                case .attempt, .nothing: continue
                case .entries(let piece):
                    if LogEntries(piece).contains(where: { $0.kind == .upstream }) { return .chunk }
                case .end(let job): return .end(job)
                case .stopped: return .stopped
                }
            }
        }
    }

    private static func follow(
        _ start: FollowStart,
        _ text: ChunkText,
        _ keepAlive: Duration,
        _ engine: Engine,
        to stream: inout EventStream
    ) async throws {
        try await engine.follow(start) { follower in
            while true {
                switch try await follower.next(within: keepAlive) {
                case .attempt: break
                case .entries(let piece): try await stream.write(text.chunks(piece), of: follower.log, upTo: piece.end)
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

    private static func events(of id: JobID, _ body: ResponseBody) -> Response {
        var response = Response(status: .ok, headers: EventStream.headers, body: body)
        response.headers[.sluiceJob] = id.description
        return response
    }
}
