import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallAPI {
    /// Turns a call into a job of the queue (`Prefer: respond-async`, RFC 7240, section 4.1).
    func queue(_ call: ParsedCall) async throws -> Response {
        let job = call.job(as: .queue, at: api.now(), tries: api.engine.tries, onUnknown: .once)
        let record: JobRecord?
        var isReplay = false
        switch try await api.engine.submit(job) {
        case .created: record = JobRecord(queued: job)
        case .replayed(let id):
            isReplay = true
            record = try await api.reader.job(id, owner: call.caller.owner)
        case .keyReused: throw CallError.keyReused
        case .noParent: throw CallError.previousGone
        }
        guard let record else { throw CallError.vanished }
        var response = Response.json(.accepted, api.record(of: record, for: call.caller))
        response.headers[.location] = "/v1/prompts/\(record.id)"
        response.headers[.sluiceJob] = record.id.description
        response.headers[.preferenceApplied] = "respond-async"
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }
}
