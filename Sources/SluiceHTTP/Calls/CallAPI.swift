import HTTPTypes
import Hummingbird
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// Calls whose callers wait for the answer, on whatever surface: what is done with them is one for all.
struct CallAPI: Sendable {
    let api: APIContext
    /// What is the surface's own.
    let wire: any CallSurface

    /// What a surface does with a call that was read.
    typealias Answer = @Sendable (ParsedCall, GatewayContext) async throws -> Response

    /// The route at `path`, by which `operation` is asked for; its call is answered by `answer`, or else in one of the two ways of all
    /// calls.
    func route(_ operation: Operation, at path: String, _ answer: Answer? = nil) -> Route {
        var route = Route(.post, path, .jobsWrite) { request, context, caller in
            let headers = try headers(of: request, operation, caller)
            return try await api.bodies.withBody(of: request, context) { document in
                let call = try read(document, headers, operation, path, caller)
                if let answer { return try await answer(call, context) }
                return try await named(call, context)
            }
        }
        route.isPaidFor = true
        return route
    }

    /// What can be refused before the body is read.
    func headers(of request: Request, _ operation: Operation, _ caller: Caller) throws -> CallHeaders {
        try api.refuseWhenStopping()
        try RequestFields.requireJSON(request.headers)
        guard caller.scopes.contains(.jobsRead) else {
            throw Problem(
                .forbidden,
                "forbidden",
                "this API token lacks the scope jobs:read, which an answer needs"
            )
        }
        return try CallHeaders(
            request.headers,
            of: wire,
            in: wire.format(of: operation),
            api.engine.calls.recording
        )
    }

    private func fields(
        _ document: Document,
        _ operation: Operation,
        with headers: CallHeaders
    ) throws(CallError) -> CallFields {
        do throws(CallFault) {
            let fields = try wire.fields(of: document.root, for: operation)
            try wire.check(document.root, with: headers)
            return fields
        } catch {
            throw CallError(error)
        }
    }

    private func state(
        _ document: Document,
        _ format: RequestFormat,
        _ fallbacks: [String]
    ) throws(CallError) -> NamedState {
        do throws(CallFault) { return try NamedState(document.root, format, fallbacks: fallbacks) } catch {
            throw CallError(error)
        }
    }

    func read(
        _ document: Document,
        _ headers: CallHeaders,
        _ operation: Operation,
        _ path: String,
        _ caller: Caller
    ) throws -> ParsedCall {
        let fields = try fields(document, operation, with: headers)
        var headers = headers
        headers.session = headers.session ?? wire.session(in: document.root)
        if let fault = Fallbacks.fault(of: headers.fallbacks, behind: fields.model) {
            throw Problem.invalid([Fault("x-sluice-fallbacks", fault)])
        }
        let format = wire.format(of: operation)
        let state = try state(document, format, headers.fallbacks)
        let allowed = try Authorizer.allow(
            caller,
            operation,
            model: fields.model,
            fallbacks: headers.fallbacks,
            isBound: state.member != nil,
            api.engine.aliases
        )
        try check(allowed, in: format, headers.fallbacks, state)
        let fingerprint = { (route: String, body: [UInt8]) in
            RequestFingerprint.of(
                caller.owner,
                route,
                body,
                fallbacks: headers.fallbacks,
                fields: headers.forwarded.meant
            )
        }
        return ParsedCall(
            surface: wire.surface,
            allowed: allowed,
            format: format,
            fields: fields,
            headers: headers,
            document: document,
            fingerprint: fingerprint(path, document.bytes),
            agentKey: headers.agent.map { agent in
                fingerprint("\(path)\n\(agent)", wire.lasting(in: document.root) ?? document.bytes)
            },
            session: session(headers, allowed, format, document),
            caller: caller
        )
    }

    /// The answer, which names its job where there is one to be looked at, and the model that was asked for.
    func named(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        let isAsync = call.headers.wantsAsync
        let isKept = isAsync || api.engine.calls.recording != .none
        return try await naming(call) {
            do {
                var response = isAsync ? try await queue(call, context) : try await answer(call, context)
                if !isKept { response.headers[.sluiceJob] = nil }
                return response
            } catch let error as CallError {
                var told = wire.told(error, of: call.document.root)
                if !isKept { told.headers[.sluiceJob] = nil }
                throw told
            }
        }
    }

    private func tellRates(_ call: ParsedCall, in headers: inout HTTPFields) {
        let rates = api.engine.rates(call.caller.owner, call.caller.token)
        if !rates.isEmpty { headers.tell(rates, on: wire.surface, at: api.now()) }
    }

    /// What `answer` answers, and the model that was asked for, whichever one says of itself that it answered.
    func naming(_ call: ParsedCall, _ answer: () async throws -> Response) async throws -> Response {
        do {
            var response = try await answer()
            response.headers[.sluiceModel] = call.fields.model
            tellRates(call, in: &response.headers)
            return response
        } catch var error as CallError {
            error.headers[.sluiceModel] = call.fields.model
            tellRates(call, in: &error.headers)
            throw error
        }
    }
}
