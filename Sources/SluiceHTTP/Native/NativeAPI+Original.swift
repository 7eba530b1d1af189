import HTTPTypes
import Hummingbird
import HummingbirdCore
import SluiceJSON
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `POST /gpt/prompt`: any content type; the answer is the request with its `id`.
    @Sendable
    func postOriginal(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try api.refuseWhenStopping()
        return try await api.bodies.withBody(of: request, context, atMost: settings.promptLimit) {
            document -> Response in
            let accepted = try await accept(document, .original, request.headers, caller)
            if let new = accepted.new { context.trace?.brought(new) }
            let id = Array("\"\(accepted.id)\"".utf8)
            // A body at the limit of values has no room for one more; the job is stored, and its id matters most.
            let echo = try? accepted.document.applying([.set("id", id)]).bytes
            var response = Response.json(.ok, echo ?? Array("{\"id\":".utf8) + id + Array("}".utf8))
            if accepted.isReplay { response.headers[.idempotencyReplayed] = "true" }
            return response
        }
    }

    /// Answers `GET /gpt/prompt?id=…`.
    @Sendable
    func getOriginal(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        var reader = QueryReader(request.uri, known: ["id"])
        let text = reader.text("id")
        try reader.finish()
        guard let text else {
            throw Problem.invalid([Fault("id", "is required: GET /gpt/prompt?id=…")])
        }
        guard let id = JobID(text) else { throw Problem.promptNotFound }
        return try await show(id, request, context, caller)
    }
}
