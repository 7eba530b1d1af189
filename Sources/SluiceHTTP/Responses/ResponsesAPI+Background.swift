import HTTPTypes
import Hummingbird
import NIOCore
import SluiceDialects
import SluiceEngine
import SluiceStore
import SluiceTypes

extension ResponsesAPI {
    /// Queues a response for which nobody waits: a job like another, whose answer is fetched, or followed as it comes.
    func background(_ call: ParsedCall, _ options: ResponsesOptions, _ context: GatewayContext) async throws -> Response
    {
        guard api.engine.calls.recording == .full else {
            throw CallError(
                CallFault(
                    "background",
                    "can't be true: this gateway runs with --record \(api.engine.calls.recording.rawValue) and keeps no answers"
                )
            )
        }
        let now = api.now()
        var job = call.job(as: .queue, at: now, tries: api.engine.tries, onUnknown: .once)
        // However it is read: what is followed must have been a stream.
        job.facts.terms.stream = true
        job.deadlineAt = options.window.map { now.adding($0) }
        let (record, isReplay) = try await calls.submit(job, for: call.caller, context)
        guard record.input != nil else { throw CallError.vanished }
        let found = FoundResponse(job: record, id: ResponsesID.response(of: record.id))
        var response = call.fields.stream ? try await watch(found, after: nil, context) : try await told(found)
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    /// The stream of a response from behind the number `after` on, to its end; of what went before, the newest attempt alone.
    func watch(_ found: FoundResponse, after: Int64?, _ context: GatewayContext) async throws -> Response {
        guard api.engine.memory.hasRoom else { throw Problem.memoryFull }
        guard found.job.stream else { return try whole(found, after: after) }
        guard let own = found.own,
            case .found(let start) = try await api.engine.find(nil, in: found.job.id, owner: found.job.owner)
        else { throw ResponsesAPI.missing(found.id) }
        let isWaiting = found.job.state == .queued
        guard found.isOurs else {
            let text = ResponsesText(own, after: after)
            return try await calls.watch(start, found.job.id, text, first: [], context)
        }
        let epoch = Int(clamping: found.job.lastAttempt?.epoch ?? 1)
        var text = BackgroundText(own, found.relabel, epoch: epoch, after: after)
        let first = text.beginning(isQueued: isWaiting)
        var response = try await calls.watch(start, found.job.id, text, first: first, context)
        if let reason = api.engine.waiting(found.job)?.reason, HTTPField.isValidValue(reason) {
            response.headers[.waitingFor] = reason
        }
        return response
    }

    /// The stream of a response that never was one, once it is there: how it began and how it ended.
    private func whole(_ found: FoundResponse, after: Int64?) throws -> Response {
        guard let own = found.own else { throw ResponsesAPI.missing(found.id) }
        guard found.job.state.isTerminal else {
            throw CallError(
                .badRequest,
                code: nil,
                "the response was not made to be followed; fetch it, or make it with background and stream set to true",
                parameter: "stream"
            )
        }
        guard let object = found.object(nil) else { throw ResponsesAPI.missing(found.id) }
        var text: [UInt8] = []
        var numbers = ResponsesNumbers(epoch: 1)
        let created = own.created(&numbers)
        if (after ?? -1) < 0 { ServerSentEvent.append(created, to: &text) }
        ServerSentEvent.append(ResponsesObject.ended(object, &numbers), to: &text)
        var response = Response(
            status: .ok,
            headers: EventStream.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: text))
        )
        response.headers[.sluiceJob] = found.job.id.description
        return response
    }
}
