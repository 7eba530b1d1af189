import HTTPTypes
import Hummingbird
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

extension ResponsesAPI {
    /// Answers `POST /v1/responses/{id}/cancel` with the response, also where it had ended before.
    @Sendable
    func cancel(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let found = try await found(context, caller)
        guard found.isOurs else {
            throw CallError(
                .badRequest,
                code: nil,
                "only a response that was made with background set to true can be cancelled"
            )
        }
        if case .notFound = try await api.engine.cancel(found.job.id, owner: caller.owner, audit: nil) {
            throw ResponsesAPI.missing(found.id)
        }
        return try await told(self.found(context, caller))
    }

    /// Answers `DELETE /v1/responses/{id}`: what is kept here goes at once, what the provider keeps as soon as it can be told.
    @Sendable
    func delete(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let found = try await found(context, caller)
        let kept = try await api.reader.attempts(found.job.id, owner: caller.owner)?
            .compactMap { found.isStored(upstream: $0) ? KeptUpstream($0) : nil }
        let deletion = try await api.engine.deleteBodies(found.job.id, owner: caller.owner, upstream: kept ?? [])
        switch deletion {
        case .deleted: break
        case .active(let state):
            throw CallError(
                .conflict,
                code: "conflict",
                "the response is \(state == .queued ? "queued" : "in progress"); cancel it first, then it can be deleted"
            )
        case .notFound: throw ResponsesAPI.missing(found.id)
        }
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("id", found.id)
                writer.member("object", "response")
                writer.member("deleted", true)
            }
        }
        var response = Response.json(.ok, body)
        response.headers[.upstreamCopy] = kept?.isEmpty == false ? "deleting" : "none"
        return response
    }
}
