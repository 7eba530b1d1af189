import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

/// The native surface: `/v1/prompts`, and the original paths.
struct NativeAPI: Sendable {
    let api: APIContext

    var reader: any JobReader { api.reader }
    var engine: Engine { api.engine }
    var jobs: any JobControl { api.engine }
    var settings: HTTPSettings { api.settings }

    var surface: APISurface {
        APISurface(
            name: "native",
            prefixes: ["/", "/v1/prompts", "/v1/usage"],
            bodyLimit: settings.bodyLimit,
            tokenFields: [.authorization, .apiKey],
            waysIn: "POST /v1/prompts is the way in",
            routes: [
                Route(.post, "/v1/prompts", .jobsWrite, postPrompt),
                Route(.get, "/v1/prompts", .jobsRead, listPrompts),
                Route(.get, "/v1/prompts/{id}", .jobsRead, getPrompt),
                Route(.delete, "/v1/prompts/{id}", .jobsWrite, deletePrompt),
                Route(.post, "/v1/prompts/{id}/cancel", .jobsCancel, cancelPrompt),
                Route(.post, "/v1/prompts/{id}/redrive", .jobsRedrive, redrivePrompt),
                Route(.get, "/v1/prompts/{id}/attempts", .jobsRead, getAttempts),
                Route(.get, "/v1/prompts/{id}/events", .jobsRead, getEvents),
                Route(.get, "/v1/usage", .usageRead, getUsage),
            ] + originalRoutes
        )
    }

    /// The original paths, also under the stage's name where there is one.
    private var originalRoutes: [Route] {
        (settings.stage.isEmpty ? [""] : ["", "/\(settings.stage)"]).flatMap { prefix in
            [
                Route(.post, "\(prefix)/gpt/prompt", .jobsWrite, postOriginal),
                Route(.get, "\(prefix)/gpt/prompt", .jobsRead, getOriginal),
            ]
        }
    }

    /// The id in the path.
    ///
    /// - Throws: ``Problem`` 404 for what is no id.
    func promptID(_ context: GatewayContext) throws(Problem) -> JobID {
        guard let text = context.parameters.get("id"), let id = JobID(text) else { throw .promptNotFound }
        return id
    }
}
