import HTTPTypes
import SluiceTypes

/// OpenAI's Responses over the same jobs.
struct ResponsesAPI: Sendable {
    let api: APIContext

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
            routes: [CallAPI(api: api, wire: ResponsesCalls()).route(.chat, at: "/v1/responses")]
        )
    }
}
