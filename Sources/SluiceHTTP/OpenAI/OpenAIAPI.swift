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

    func add(to routes: inout RouteTable) {
        routes.on(
            "/v1/chat/completions",
            .post,
            api.authorizer.guarded(.jobsWrite, call(.chat, "/v1/chat/completions"))
        )
        routes.on("/v1/completions", .post, api.authorizer.guarded(.jobsWrite, call(.completion, "/v1/completions")))
        routes.on("/v1/embeddings", .post, api.authorizer.guarded(.jobsWrite, call(.embedding, "/v1/embeddings")))
        routes.on("/v1/models", .get, api.authorizer.guarded(.jobsWrite, listModels))
        routes.on("/v1/models/**", .get, api.authorizer.guarded(.jobsWrite, showModel))
    }

    static let paths = "/v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models"

    /// True for the paths whose errors come in OpenAI's envelope, those that are not served included: an SDK asks for them.
    static func owns(_ path: some StringProtocol) -> Bool {
        path.hasPrefix("/v1/") && path != "/v1/prompts" && !path.hasPrefix("/v1/prompts/")
    }

    private func call(_ operation: Operation, _ route: String) -> Authorizer.Route {
        { request, context, caller in
            let headers = try headers(of: request, caller)
            return try await api.bodies.withBody(of: request, context, atMost: api.settings.callBodyLimit) { bytes in
                let call = try read(bytes, headers, operation, route, caller)
                return headers.wantsAsync ? try await queue(call) : try await named(call, context)
            }
        }
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

    private func read(
        _ bytes: [UInt8],
        _ headers: CallHeaders,
        _ operation: Operation,
        _ route: String,
        _ caller: Caller
    ) throws -> ParsedCall {
        let document = try BodyReader.document(bytes)
        let fields = try CallFields(document, operation)
        try PromptFields.checkNarrowing(caller, operation, fields.model)
        try fields.check(api.engine.offer(operation, model: fields.model), operation)
        return ParsedCall(
            operation: operation,
            fields: fields,
            headers: headers,
            body: bytes,
            fingerprint: RequestFingerprint.of(caller.owner, route, bytes),
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

/// A call as it came in.
final class ParsedCall: Sendable {
    let operation: Operation
    let fields: CallFields
    let headers: CallHeaders
    let body: [UInt8]
    let fingerprint: [UInt8]
    let caller: Caller

    init(
        operation: Operation,
        fields: CallFields,
        headers: CallHeaders,
        body: [UInt8],
        fingerprint: [UInt8],
        caller: Caller
    ) {
        self.operation = operation
        self.fields = fields
        self.headers = headers
        self.body = body
        self.fingerprint = fingerprint
        self.caller = caller
    }

    /// The job that the call is, made at `now`.
    func job(as entry: JobEntry, at now: Timestamp, onUnknown: OnUnknown, retryOf: JobID? = nil) -> NewJob {
        NewJob(
            JobFacts(
                id: .generate(at: now),
                owner: caller.owner,
                token: caller.token,
                surface: .openAI,
                entry: entry,
                operation: operation,
                model: fields.model,
                format: RequestFormat(openAI: operation),
                stream: fields.stream,
                lane: .interactive,
                onUnknown: onUnknown,
                createdAt: now,
                retryOf: retryOf
            ),
            fingerprint: fingerprint,
            idempotencyKey: headers.key,
            input: JobInput(body: body)
        )
    }
}
