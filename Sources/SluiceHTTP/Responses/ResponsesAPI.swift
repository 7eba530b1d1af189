import HTTPTypes
import Hummingbird
import SluiceJSON
import SluiceStore
import SluiceTypes

/// OpenAI's Responses over the same jobs.
struct ResponsesAPI: Sendable {
    let api: APIContext

    var calls: CallAPI { CallAPI(api: api, wire: ResponsesCalls()) }

    var surface: APISurface {
        APISurface(
            name: "responses",
            prefixes: ["/v1/responses", "/responses"],
            envelope: { problem, _ in OpenAIEnvelope.reply(CallError(problem)) },
            callEnvelope: { error, _ in OpenAIEnvelope.reply(error) },
            bodyLimit: api.settings.bodyLimit,
            tokenFields: [.authorization, .apiKey, .azureKey],
            waysIn: "the way in is POST /v1/responses",
            base: "/v1",
            routes: [
                calls.route(.chat, at: "/v1/responses", answer),
                calls.countingRoute(.chat, at: "/v1/responses/input_tokens"),
                Route(.get, "/v1/responses/{id}", .jobsRead, show),
                Route(.delete, "/v1/responses/{id}", .jobsWrite, delete),
                Route(.get, "/v1/responses/{id}/input_items", .jobsRead, listInput),
                Route(.post, "/v1/responses/{id}/cancel", .jobsCancel, cancel),
            ]
        )
    }

    /// Answers a call, now or later.
    @Sendable
    private func answer(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        let options: ResponsesOptions
        do throws(CallFault) { options = try ResponsesOptions(call.document.root) } catch { throw CallError(error) }
        let isWaitedFor = !options.isBackground && !call.headers.wantsAsync
        let call = call.continuing(
            try await ancestry(options, of: call.caller.owner),
            keepsBodies: options.stores ? nil : isWaitedFor ? JobLimits.briefly : JobLimits.brieflyInBackground
        )
        if options.isBackground { return try await background(call, options, context) }
        return call.headers.wantsAsync ? try await calls.queue(call) : try await calls.named(call, context)
    }
}
