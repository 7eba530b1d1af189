import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// OpenAI's wire protocol over the same jobs.
struct OpenAIAPI: Sendable {
    let api: PromptAPI

    func add(to routes: inout RouteTable) {
        routes.on("/v1/chat/completions", .post, api.guarded(.jobsWrite, call(.chat, "/v1/chat/completions")))
        routes.on("/v1/completions", .post, api.guarded(.jobsWrite, call(.completion, "/v1/completions")))
        routes.on("/v1/embeddings", .post, api.guarded(.jobsWrite, call(.embedding, "/v1/embeddings")))
        routes.on("/v1/models", .get, api.guarded(.jobsWrite, listModels))
        routes.on("/v1/models/**", .get, api.guarded(.jobsWrite, showModel))
    }

    static let paths = "/v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models"

    /// True for the paths whose errors come in OpenAI's envelope, those that are not served included: an SDK asks for them.
    static func owns(_ path: some StringProtocol) -> Bool {
        path.hasPrefix("/v1/") && path != "/v1/prompts" && !path.hasPrefix("/v1/prompts/")
    }

    private func call(_ operation: Operation, _ route: String) -> PromptAPI.Route {
        { request, context, caller in
            try api.refuseWhenStopping()
            try RequestFields.requireJSON(request.headers)
            guard caller.scopes.contains(.jobsRead) else {
                throw Problem(
                    .forbidden,
                    "forbidden",
                    "this API token lacks the scope jobs:read, which an answer needs"
                )
            }
            let headers = try CallHeaders(request.headers)
            return try await api.withBody(of: request, context, atMost: api.settings.callBodyLimit) { bytes in
                let document = try PromptAPI.document(bytes)
                let fields = try CallFields(document, operation)
                try PromptFields.checkNarrowing(caller, operation, fields.model)
                try fields.check(api.engine.offer(operation, model: fields.model), operation)
                let call = Call(
                    operation: operation,
                    fields: fields,
                    headers: headers,
                    body: bytes,
                    fingerprint: PromptAPI.fingerprint(caller.owner, route, bytes),
                    caller: caller
                )
                return headers.wantsAsync ? try await queue(call) : try await answer(call, context)
            }
        }
    }
}

/// A call as it came in.
struct Call: Sendable {
    var operation: Operation
    var fields: CallFields
    var headers: CallHeaders
    var body: [UInt8]
    var fingerprint: [UInt8]
    var caller: Caller

    /// The job that the call is, made at `now`.
    func job(at now: Timestamp, onUnknown: OnUnknown, lane: Lane, retryOf: JobID? = nil) -> NewJob {
        NewJob(
            id: .generate(at: now),
            owner: caller.owner,
            token: caller.token,
            surface: .openAI,
            operation: operation,
            model: fields.model,
            stream: fields.stream,
            lane: lane,
            onUnknown: onUnknown,
            runAt: now,
            createdAt: now,
            fingerprint: fingerprint,
            idempotencyKey: headers.key,
            retryOf: retryOf,
            input: JobInput(format: .openAI, body: body)
        )
    }
}
