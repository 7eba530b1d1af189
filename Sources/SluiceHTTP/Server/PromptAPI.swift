import Crypto
import HTTPTypes
import Hummingbird
import Logging
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// What every route of the callers' API works with.
final class PromptAPI: Sendable {
    let settings: HTTPSettings
    let store: any Store
    let engine: Engine
    let tokens: TokenService
    let traffic: Traffic
    let readiness: Readiness
    let failures = FailureLimiter()
    let logger: Logger
    let now: @Sendable () -> Timestamp

    init(
        settings: HTTPSettings,
        store: any Store,
        engine: Engine,
        tokens: TokenService,
        traffic: Traffic,
        readiness: Readiness,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.settings = settings
        self.store = store
        self.engine = engine
        self.tokens = tokens
        self.traffic = traffic
        self.readiness = readiness
        self.logger = logger
        self.now = now
    }

    func routes() -> RouteTable {
        var routes = RouteTable()
        routes.on("/healthz", .get) { [self] _, _ in health() }
        routes.on("/readyz", .get) { [self] _, _ in await ready() }
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
        OpenAIAPI(api: self).add(to: &routes)
        return routes
    }

    /// The id in the path.
    ///
    /// - Throws: ``Problem`` 404 for what is no id.
    func promptID(_ context: GatewayContext) throws(Problem) -> JobID {
        guard let text = context.parameters.get("id"), let id = JobID(text) else { throw .promptNotFound }
        return id
    }

    /// SHA-256 over owner, route and body, which tells whether two requests are the same.
    static func fingerprint(_ owner: OwnerID, _ route: String, _ body: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(owner.rawValue)\0\(route)\0".utf8))
        hash.update(data: body)
        return Array(hash.finalize())
    }
}
