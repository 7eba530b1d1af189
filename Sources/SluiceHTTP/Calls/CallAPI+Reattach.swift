import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallAPI {
    /// The longest that a caller waits for a call of an earlier connection: as long as OpenAI's SDKs do.
    private static let patience = Duration.seconds(600)

    /// Answers a call by a job that an earlier connection began.
    ///
    /// The caller has a place at it already.
    func reattach(to id: JobID, _ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        let seat = Seat(api.engine.calls, id)
        let connection = await context.connection()
        let hangup = connection?.hungUp
        if hangup?.hasFired == true || connection == nil && !context.channel.isActive { throw CallError.gone }
        if call.fields.stream { return try await replay(id, seat, call, context, connection) }
        let owner = call.caller.owner
        let patience = CallAPI.patience
        let job = try await api.engine.wait(for: id, owner: owner, atMost: patience, unless: hangup)
        guard let job else { throw CallError.vanished }
        switch job.state {
        case .succeeded:
            guard let body = job.result?.body, !body.isEmpty else { throw CallError.vanished.of(id) }
            var response = response(body, of: id, seat)
            // It was told to the first caller as well, and is no cost of its own.
            response.headers[.sluiceReplayed] = "true"
            tell(job.cost?.state == .priced ? job.cost?.cost : nil, to: call, in: &response.headers)
            return response
        case .dead, .cancelled: throw await error(of: job, to: call).of(id)
        case .queued, .running:
            if hangup?.hasFired == true { throw CallError.gone }
            let stillRuns = CallError(CallFailure(.timeout, "it still runs"), in: wire.envelope)
            throw (api.engine.isStopping ? .stopping : stillRuns).of(id)
        }
    }
}

extension CallAPI {
    /// What is told of a stored job that brought no answer.
    func error(of job: JobRecord, to call: ParsedCall?) async -> CallError {
        CallError(job, own: await api.engine.own(of: job), in: wire.envelope, to: call?.headers)
    }
}

extension CallError {
    /// The answer was deleted or has expired.
    static var vanished: CallError {
        CallError(
            .conflict,
            code: "answer_deleted",
            "this request was answered before, and its answer is not kept any more; send it with a new Idempotency-Key"
        )
    }
}
