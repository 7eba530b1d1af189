import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

/// The native surface: `/v1/prompts`, and the original paths.
struct NativeAPI: Sendable {
    let api: APIContext

    var store: any Store { api.store }
    var engine: Engine { api.engine }
    var settings: HTTPSettings { api.settings }

    func add(to routes: inout RouteTable) {
        let guarded = api.authorizer.guarded
        routes.on("/v1/prompts", .post, guarded(.jobsWrite, postPrompt))
        routes.on("/v1/prompts", .get, guarded(.jobsRead, listPrompts))
        routes.on("/v1/prompts/{id}", .get, guarded(.jobsRead, getPrompt))
        routes.on("/v1/prompts/{id}", .delete, guarded(.jobsWrite, deletePrompt))
        routes.on("/v1/prompts/{id}/cancel", .post, guarded(.jobsCancel, cancelPrompt))
        routes.on("/v1/prompts/{id}/redrive", .post, guarded(.jobsRedrive, redrivePrompt))
        routes.on("/v1/prompts/{id}/attempts", .get, guarded(.jobsRead, getAttempts))
        routes.on("/v1/prompts/{id}/events", .get, guarded(.jobsRead, getEvents))
        for prefix in settings.stage.isEmpty ? [""] : ["", "/\(settings.stage)"] {
            routes.on("\(prefix)/gpt/prompt", .post, guarded(.jobsWrite, postOriginal))
            routes.on("\(prefix)/gpt/prompt", .get, guarded(.jobsRead, getOriginal))
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
