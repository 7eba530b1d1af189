import HTTPTypes
import SluiceTypes

/// Anthropic's wire protocol over the same jobs: Messages, and the models in its shape.
struct AnthropicAPI: Sendable {
    let api: APIContext

    var surface: APISurface {
        let calls = CallAPI(api: api, wire: MessagesCalls())
        return APISurface(
            name: "anthropic",
            // The last is asked by Claude Code before its first call, to have a connection.
            prefixes: ["/v1/messages", "/messages", "/v1/complete", "/api/hello"],
            // The list of models is OpenAI's too; who speaks this protocol names its version.
            shared: APISurface.Shared(field: .anthropicVersion, prefixes: ["/v1/models"]),
            envelope: { AnthropicEnvelope.reply(CallError($0), requestID: $1) },
            callEnvelope: { AnthropicEnvelope.reply($0, requestID: $1) },
            bodyLimit: api.settings.bodyLimit,
            tokenFields: [.apiKey, .authorization],
            requestIDField: .providerRequestID,
            waysIn: "Anthropic's endpoints here are /v1/messages and /v1/models",
            base: "",
            routes: [
                calls.route(.chat, at: "/v1/messages"),
                calls.countingRoute(.chat, at: "/v1/messages/count_tokens"),
                Route(.get, "/v1/models", .jobsWrite, listModels),
                Route(.get, "/v1/models/**", .jobsWrite, showModel),
                Route(.get, "/api/hello") { _, _ in .json(.ok, Array(#"{"message":"hello"}"#.utf8)) },
            ]
        )
    }
}
