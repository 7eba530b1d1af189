import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `POST /v1/prompts/{id}/redrive`: without a body, or with another model.
    @Sendable
    func redrivePrompt(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let id = try promptID(context)
        return try await api.bodies.withBytes(of: request, context) { bytes in
            guard let job = try await reader.job(id, owner: caller.owner) else { throw Problem.promptNotFound }
            let model = try newModel(bytes, request.headers, job, caller)
            let line = AuditEntry(
                at: api.now(),
                actor: caller.token.rawValue,
                action: "job.redrive",
                subject: id.description,
                result: "ok"
            )
            switch try await jobs.redrive(id, owner: caller.owner, model: model, audit: line) {
            case .queued: break
            case .notDead(let state): throw Problem.notDead(state)
            case .deleted:
                throw Problem(
                    .conflict,
                    "deleted",
                    "what was asked was deleted or never kept: there is nothing to send"
                )
            case .notKept:
                throw Problem(
                    .conflict,
                    "deleted",
                    "its caller asked that it not be stored: what was asked is not kept to be sent again"
                )
            case .noParent:
                throw Problem(.conflict, "deleted", "what it continues was deleted: there is nothing whole to send")
            case .superseded(let heir):
                throw Problem(
                    .conflict,
                    "superseded",
                    "its Idempotency-Key was sent again, and stands for prompt \(heir) now; that one has the answer, or can be sent "
                        + "again"
                )
            case .notFound: throw Problem.promptNotFound
            }
            guard let queued = try await reader.job(id, owner: caller.owner) else { throw Problem.promptNotFound }
            var response = Response.json(.accepted, api.record(of: queued, for: caller))
            response.headers[.location] = api.location(of: id)
            return response
        }
    }

    /// The model the body asks for; nil where the job is to keep its own.
    ///
    /// - Throws: ``Problem``, as for a prompt that asks for what the job would ask for.
    private func newModel(
        _ bytes: [UInt8],
        _ headers: HTTPFields,
        _ job: JobRecord,
        _ caller: Caller
    ) throws(Problem) -> String? {
        if !bytes.isEmpty { try RequestFields.requireJSON(headers) }
        let document = try BodyReader.document(bytes.isEmpty ? Array("{}".utf8) : bytes)
        var reader = FieldReader(document.root, known: ["model"])
        let named = reader["model"] == nil ? nil : reader.model()
        guard reader.faults.isEmpty else { throw Problem.invalid(reader.faults) }
        // A fault of the body is one in every state; what the rows serve matters only where the job can be sent again.
        guard job.state == .dead else { throw Problem.notDead(job.state) }
        let model = named ?? job.model
        let route = ModelRoute(text: job.facts.route)
        _ = try Authorizer.allow(
            caller,
            job.operation,
            model: model,
            fallbacks: named == nil ? route.fallbacks : [],
            isBound: route.isBound,
            offered.aliases
        )
        let unshared = route.isBound ? Fault("/model", NamedState.sentence(model: model)) : nil
        let lack = PromptFields.check(job.operation, job.format, model, &reader, offered, unshared)
        guard reader.faults.isEmpty else { throw Problem.invalid(reader.faults) }
        if let lack { throw Problem.unavailable(lack, model) }
        return named
    }
}

extension Problem {
    fileprivate static func notDead(_ state: JobState) -> Problem {
        wrongState(state, "only one that is dead can be sent again")
    }
}
