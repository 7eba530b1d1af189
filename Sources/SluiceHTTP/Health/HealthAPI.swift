import Hummingbird
import SluiceEngine
import SluiceJSON

/// What whoever runs the gateway asks of it: whether it lives, and whether it serves.
struct HealthAPI: Sendable {
    let api: APIContext

    var surface: APISurface {
        APISurface(
            name: "health",
            prefixes: [],
            bodyLimit: api.settings.bodyLimit,
            routes: [
                Route(.get, "/") { _, _ in root() },
                Route(.get, "/healthz") { _, _ in health() },
                Route(.get, "/readyz") { _, _ in await ready() },
            ] + (api.metrics?.routes(isOpen: false) ?? [])
        )
    }

    /// `GET /` and `HEAD /`: what this is, for who tries the address alone, as some clients do before they call.
    private func root() -> Response {
        .json(.ok, Array(#"{"service":"sluice","prompts":"/v1/prompts","openai":"/v1","health":"/readyz"}"#.utf8))
    }

    /// `GET /healthz`: the process lives.
    private func health() -> Response {
        .json(.ok, Array(#"{"status":"ok"}"#.utf8))
    }

    /// `GET /readyz`: prompts are taken and answered now; rows that can't serve are named either way.
    private func ready() async -> Response {
        let reason = await unreadiness()
        let closed = api.engine.rows.filter { $0.unavailable != nil }
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                if let reason {
                    writer.member("type", "urn:sluice:problem:not-ready")
                    writer.member("title", "Service Unavailable")
                    writer.member("status", 503)
                    writer.member("detail", reason)
                } else {
                    writer.member("status", "ready")
                }
                writer.member(
                    "unavailable",
                    array: { writer in
                        for row in closed {
                            writer.object { writer in
                                writer.member("provider", row.name)
                                writer.member("reason", row.unavailable)
                            }
                        }
                    }
                )
            }
        }
        return reason == nil
            ? .json(.ok, body) : .json(.serviceUnavailable, body, type: "application/problem+json")
    }

    private func unreadiness() async -> String? {
        if api.engine.isDraining { return "the gateway is stopping" }
        guard api.engine.isReady else { return "the gateway is starting" }
        return await api.readiness.trouble()
    }
}
