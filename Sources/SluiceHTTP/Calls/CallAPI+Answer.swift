import HTTPTypes
import Hummingbird
import NIOCore
import SluiceEngine
import SluiceMoney
import SluiceStore
import SluiceTypes

extension CallAPI {
    /// Answers a call: by the one it repeats, or by a new one.
    func answer(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        switch try await predecessor(of: call) {
        case .answers(let id): try await replayed(call) { try await reattach(to: id, call, context) }
        case .failed(let id): try await open(call, repeating: id, context)
        case nil: try await open(call, repeating: nil, context)
        }
    }

    /// What an earlier call that asked the same means to this one.
    private enum Predecessor {
        /// It is this very call: its answer is ours, and so is an error that may have been paid for.
        case answers(JobID)
        /// It brought no answer, and without a key an error is never replayed.
        case failed(JobID)
    }

    private func predecessor(of call: ParsedCall) async throws -> Predecessor? {
        guard let key = call.headers.key else {
            if let agent = call.agentKey, let id = api.engine.calls.adopt(byAgent: agent) { return joined(id) }
            guard (call.headers.retryCount ?? 0) > 0 else { return nil }
            if let id = api.engine.calls.adopt(call.fingerprint) { return joined(id) }
            return api.engine.calls.failure(call.fingerprint).map { .failed($0) }
        }
        let known = try await api.reader.submission(
            owner: call.caller.owner,
            key: key,
            fingerprint: call.fingerprint,
            at: api.now()
        )
        switch known {
        case nil, .created, .noParent: return nil
        case .keyReused: throw CallError.keyReused
        case .replayed(let id):
            api.engine.calls.join(id)
            return .answers(id)
        }
    }

    private func joined(_ id: JobID) -> Predecessor {
        api.engine.observation.note(.joined(wire.surface))
        return .answers(id)
    }

    private func open(_ call: ParsedCall, repeating failed: JobID?, _ context: GatewayContext) async throws -> Response
    {
        guard api.engine.memory.hasRoom else { throw Problem.memoryFull }
        let connection = await context.connection()
        // Who was gone before anybody looked leaves nothing to look at.
        if connection == nil, !context.channel.isActive { throw CallError.gone }
        let request = request(call, repeating: failed, context)
        let opening = await api.engine.calls.open(request, unless: connection?.hungUp)
        let live = try live(opening, call)
        context.trace?.brought(request.job)
        let seat = Seat(api.engine.calls, live.id)
        return call.fields.stream
            ? try await stream(live, seat, call, context, connection)
            : try await whole(live, seat, call, context, connection?.hungUp)
    }

    private func request(_ call: ParsedCall, repeating failed: JobID?, _ context: GatewayContext) -> CallRequest {
        CallRequest(
            job: call.job(as: .call, at: api.now(), tries: api.engine.tries, onUnknown: .deadLetter, retryOf: failed),
            commitsFirst: call.headers.commitsFirst,
            onDisconnect: call.headers.onDisconnect,
            agent: call.agentKey,
            session: call.session,
            executor: context.executor
        )
    }

    private func live(_ opening: CallOpening, _ call: ParsedCall) throws(CallError) -> LiveCall {
        switch opening {
        case .live(let live): return live
        case .full: throw .full(call.fields.model)
        case .closed(let hold): throw .closed(hold)
        case .limited(let refusal): throw .limited(refusal, seesMoney: call.caller.seesMoney)
        case .behind: throw .behind
        case .abandoned: throw .gone
        }
    }

    /// The whole answer, when it is stored.
    ///
    /// Not inlined, as the stream's part is not: a task keeps the room of its largest frames for as long as a stream lasts.
    @inline(never)
    private func whole(
        _ live: LiveCall,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext,
        _ hangup: Signal?
    ) async throws -> Response {
        guard let end = await live.end(unless: hangup) else { throw CallError.gone }
        if case .succeeded(let body, let cost) = end {
            // The answer counts as held for as long as its call is known.
            var response = response(body, of: live.id, seat) { _ = live }
            response.headers.tell(of: live)
            tell(cost, to: call, in: &response.headers)
            return response
        }
        return try await failed(end, live.id, seat, call, context)
    }

    /// Tells what an answer cost, to whoever may know.
    func tell(_ cost: Int64?, to call: ParsedCall, in headers: inout HTTPFields) {
        guard let cost, api.settings.tellsCost, call.caller.seesMoney else { return }
        headers[.sluiceCost] = Money(nanoUSD: cost).description
    }

    /// What the caller of a call without an answer is told.
    ///
    /// Not inlined; see ``whole(_:_:_:_:_:)``.
    @inline(never)
    func failed(
        _ end: CallEnd,
        _ id: JobID,
        _ seat: Seat,
        _ call: ParsedCall,
        _ context: GatewayContext
    ) async throws -> Response {
        seat.leave(delivered: true)
        switch end {
        case .succeeded: return response([], of: id, seat)
        case .failed(let failure):
            throw CallError(failure.hiding(call.headers.secrets), in: wire.envelope).of(id)
        case .cancelled(let isCharged): throw CallError.cancelled(possiblyCharged: isCharged).of(id)
        case .notStored(let error, let wasSent):
            guard wasSent else { throw error }
            throw CallError.notStored(error)
        case .replayed(let known):
            api.engine.calls.join(known)
            return try await replayed(call) { try await reattach(to: known, call, context) }
        case .keyReused: throw CallError.keyReused
        case .noParent: throw CallError.previousGone
        }
    }

    /// Says of an answer that is an earlier one's, and of an error that is, that its key named it.
    private func replayed(
        _ call: ParsedCall,
        _ answer: () async throws -> Response
    ) async throws -> Response {
        guard call.headers.key != nil else { return try await answer() }
        do {
            var response = try await answer()
            api.engine.observation.note(.replayed(wire.surface))
            response.headers[.idempotencyReplayed] = "true"
            return response
        } catch var error as CallError {
            api.engine.observation.note(.replayed(wire.surface))
            error.headers[.idempotencyReplayed] = "true"
            throw error
        }
    }

    /// The provider's object, byte for byte.
    ///
    /// `whenWritten` is called once the caller's connection has taken it.
    func response(
        _ body: [UInt8],
        of id: JobID,
        _ seat: Seat,
        whenWritten: @escaping @Sendable () -> Void = {}
    ) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store", .sluiceJob: id.description],
            body: ResponseBody(contentLength: body.count) { writer in
                try await writer.write(ByteBuffer(bytes: body))
                try await writer.finish(nil)
                seat.leave(delivered: true)
                whenWritten()
            }
        )
    }
}

extension CallError {
    /// Names the job, so that its caller can look what became of it.
    func of(_ id: JobID) -> CallError {
        var error = self
        error.headers[.sluiceJob] = id.description
        return error
    }

    /// For a caller who will not read it.
    static var gone: CallError {
        CallError(.badRequest, code: disconnected, "the caller has hung up")
    }

    /// Whether it is for nobody: its caller has hung up.
    var isOfNobody: Bool { code == CallError.disconnected }

    private static let disconnected = "disconnected"
}
