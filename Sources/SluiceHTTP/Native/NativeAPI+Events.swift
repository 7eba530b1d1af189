import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import SluiceEngine
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `GET /v1/prompts/{id}/events` with what happens to the prompt, as it happens, to its end.
    @Sendable
    func getEvents(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let id = try promptID(context)
        let place = try NativeAPI.lastEvent(request.headers)
        guard engine.memory.hasRoom else { throw Problem.memoryFull }
        let start: FollowStart
        switch try await engine.find(place, in: id, owner: caller.owner) {
        case .found(let found): start = found
        case .notFound: throw Problem.promptNotFound
        case .unreadable:
            throw Problem(
                .internalServerError,
                "log-unreadable",
                "another version of the gateway wrote the events of this prompt; its record tells the answer"
            )
        case .noSuchPosition:
            throw NativeAPI.badPlace("is no event of this prompt; leave the field out to read from the beginning")
        }
        let channel = context.channel
        let body = ResponseBody { [self] writer in
            let tally = engine.observation.streams
            tally.begin()
            defer { tally.end() }
            var stream = EventStream(writer, channel, settings.streams, engine.time, tally, of: id, logger: api.logger)
            let seesMoney = caller.seesMoney
            try await context.whileWanted { gone in
                try await tell(start, unless: gone, seesMoney: seesMoney, to: &stream)
            }
            try await stream.finish()
        }
        return Response(status: .ok, headers: EventStream.headers, body: body)
    }

    /// Tells all there is to tell; returns at the job's end, or without it when the gateway stops, the reader is gone or its API token
    /// has ended.
    private func tell(
        _ start: FollowStart,
        unless gone: Signal?,
        seesMoney: Bool,
        to stream: inout EventStream
    ) async throws {
        try await engine.follow(start, unless: gone) { follower in
            while true {
                let next = try await follower.next(within: settings.streams.keepAlive)
                let place = follower.position
                switch next {
                case .attempt(let attempt): try await stream.write(EventText.attempt(attempt, at: place))
                case .entries(let piece):
                    let text = EventText.entries(piece, epoch: place.epoch)
                    try await stream.write(text, of: follower.log, upTo: piece.end)
                case .nothing: try await stream.write(ServerSentEvent.comment)
                case .end(let job): return try await stream.write(EventText.end(job, at: place, seesMoney: seesMoney))
                case .stopped: return
                }
            }
        }
    }

    /// The place that `Last-Event-ID` names; nil without one.
    private static func lastEvent(_ headers: HTTPFields) throws(Problem) -> LogPosition? {
        let fields = headers[values: .lastEventID]
        // An empty one is how readers say that they have seen none.
        guard let field = fields.first, fields.count > 1 || !field.isEmpty else { return nil }
        guard fields.count == 1, let place = LogPosition(field) else {
            throw badPlace(
                "must be the id of one of this prompt's events; leave the field out to read from the beginning"
            )
        }
        return place
    }

    private static func badPlace(_ detail: String) -> Problem {
        Problem.invalid([Fault("Last-Event-ID", detail)])
    }
}
