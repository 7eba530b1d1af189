import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `POST /v1/prompts/{id}/cancel`.
    @Sendable
    func cancelPrompt(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let id = try promptID(context)
        switch try await jobs.cancel(id, owner: caller.owner, audit: nil) {
        case .cancelled:
            guard let job = try await reader.job(id, owner: caller.owner) else { throw Problem.promptNotFound }
            return .json(.ok, api.record(of: job, for: caller))
        case .ended(let state): throw Problem.wrongState(state, "only one that has not ended can be cancelled")
        case .notFound: throw Problem.promptNotFound
        }
    }

    /// Answers `DELETE /v1/prompts/{id}`.
    @Sendable
    func deletePrompt(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        switch try await jobs.deleteBodies(promptID(context), owner: caller.owner, upstream: []) {
        case .deleted: return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        case .active(let state): throw Problem.wrongState(state, "cancel it first, then it can be deleted")
        case .notFound: throw Problem.promptNotFound
        }
    }
}
