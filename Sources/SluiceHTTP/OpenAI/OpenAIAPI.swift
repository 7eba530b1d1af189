import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// OpenAI's wire protocol over the same jobs.
struct OpenAIAPI: Sendable {
    let api: APIContext

    var surface: APISurface {
        APISurface(
            name: "openai",
            // What is not served too: an SDK asks for it, and with a base URL that lacks its end without /v1.
            prefixes: ["/v1/", "/chat", "/completions", "/embeddings", "/models", "/responses", "/messages"],
            format: { RequestFormat(openAI: $0) },
            envelope: { problem, _ in OpenAIError(problem).reply },
            bodyLimit: api.settings.bodyLimit,
            tokenFields: [.authorization, .apiKey, .azureKey],
            terminalMark: ChunkText.done,
            waysIn:
                "the OpenAI endpoints here are /v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models",
            base: "/v1",
            routes: [
                call(.chat, at: "/v1/chat/completions"),
                call(.completion, at: "/v1/completions"),
                call(.embedding, at: "/v1/embeddings"),
                Route(.get, "/v1/models", .jobsWrite, listModels),
                Route(.get, "/v1/models/**", .jobsWrite, showModel),
            ]
        )
    }

    private func call(_ operation: Operation, at path: String) -> Route {
        var route = Route(.post, path, .jobsWrite) { request, context, caller in
            let headers = try headers(of: request, caller)
            return try await api.bodies.withBody(of: request, context) { document in
                let call = try read(document, headers, operation, path, context, caller)
                return headers.wantsAsync ? try await queue(call) : try await named(call, context)
            }
        }
        route.isPaidFor = true
        return route
    }

    /// What can be refused before the body is read.
    private func headers(of request: Request, _ caller: Caller) throws -> CallHeaders {
        try api.refuseWhenStopping()
        try RequestFields.requireJSON(request.headers)
        guard caller.scopes.contains(.jobsRead) else {
            throw Problem(
                .forbidden,
                "forbidden",
                "this API token lacks the scope jobs:read, which an answer needs"
            )
        }
        return try CallHeaders(request.headers, api.engine.calls.recording)
    }

    private func fields(_ document: Document, _ operation: Operation) throws(OpenAIError) -> CallFields {
        do throws(CallFault) { return try CallFields(document.root, operation) } catch { throw OpenAIError(error) }
    }

    private func state(
        _ document: Document,
        _ format: RequestFormat,
        _ fallbacks: [String]
    ) throws(OpenAIError) -> NamedState {
        do throws(CallFault) { return try NamedState(document.root, format, fallbacks: fallbacks) } catch {
            throw OpenAIError(error)
        }
    }

    private func read(
        _ document: Document,
        _ headers: CallHeaders,
        _ operation: Operation,
        _ route: String,
        _ context: GatewayContext,
        _ caller: Caller
    ) throws -> ParsedCall {
        let fields = try fields(document, operation)
        var headers = headers
        headers.session = headers.session ?? CallSession.named(in: document)
        if let fault = Fallbacks.fault(of: headers.fallbacks, behind: fields.model) {
            throw Problem.invalid([Fault("x-sluice-fallbacks", fault)])
        }
        let format = context.surface.format(operation)
        let state = try state(document, format, headers.fallbacks)
        let allowed = try Authorizer.allow(
            caller,
            operation,
            model: fields.model,
            fallbacks: headers.fallbacks,
            isBound: state.member != nil,
            api.engine.aliases
        )
        try fields.check(api.engine, operation, in: format, headers.fallbacks, state)
        return ParsedCall(
            allowed: allowed,
            format: format,
            fields: fields,
            headers: headers,
            document: document,
            fingerprint: RequestFingerprint.of(caller.owner, route, document.bytes, fallbacks: headers.fallbacks),
            session: session(headers, allowed, format, document),
            caller: caller
        )
    }

    /// The answer, which names its job where there is one to be looked at.
    private func named(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        guard api.engine.calls.recording == .none else { return try await answer(call, context) }
        do {
            var response = try await answer(call, context)
            response.headers[.sluiceJob] = nil
            return response
        } catch var error as OpenAIError {
            error.headers[.sluiceJob] = nil
            throw error
        }
    }
}
