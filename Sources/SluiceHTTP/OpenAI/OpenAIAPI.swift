import HTTPTypes
import SluiceTypes

/// OpenAI's wire protocol over the same jobs: chat completions, completions, embeddings, models.
struct OpenAIAPI: Sendable {
    let api: APIContext

    var surface: APISurface {
        let calls = CallAPI(api: api, wire: OpenAICalls())
        return APISurface(
            name: "openai",
            // What is not served too: an SDK asks for it, and with a base URL that lacks its end without /v1.
            prefixes: ["/v1/", "/chat", "/completions", "/embeddings", "/models"],
            envelope: { problem, _ in OpenAIEnvelope.reply(CallError(problem)) },
            callEnvelope: { error, _ in OpenAIEnvelope.reply(error) },
            bodyLimit: api.settings.bodyLimit,
            tokenFields: [.authorization, .apiKey, .azureKey],
            waysIn:
                "the OpenAI endpoints here are /v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models",
            base: "/v1",
            routes: [
                calls.route(.chat, at: "/v1/chat/completions"),
                calls.route(.completion, at: "/v1/completions"),
                calls.route(.embedding, at: "/v1/embeddings"),
                Route(.get, "/v1/models", .jobsWrite, listModels),
                Route(.get, "/v1/models/**", .jobsWrite, showModel),
            ]
        )
    }
}
