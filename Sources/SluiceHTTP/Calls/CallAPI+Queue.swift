import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallAPI {
    /// Turns a call into a job of the queue (`Prefer: respond-async`, RFC 7240, section 4.1).
    func queue(_ call: ParsedCall, _ context: GatewayContext) async throws -> Response {
        let job = call.job(as: .queue, at: api.now(), tries: api.engine.tries, onUnknown: .once)
        let (record, isReplay) = try await submit(job, for: call.caller, context)
        var response = Response.json(.accepted, api.record(of: record, for: call.caller))
        response.headers[.location] = api.location(of: record.id)
        response.headers[.sluiceJob] = record.id.description
        response.headers[.preferenceApplied] = "respond-async"
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    /// Stores a job of the queue, or finds the one that has its key already.
    ///
    /// - Throws: ``CallError`` for a key of another request, for what the caller's limits can never let pass, and for what can't be continued or is not there any more; `StoreError`.
    func submit(
        _ job: NewJob,
        for caller: Caller,
        _ context: GatewayContext
    ) async throws -> (record: JobRecord, isReplay: Bool) {
        let submission: Submission
        switch try await api.engine.queue(job) {
        case .refused(let refusal): throw CallError.limited(refusal, seesMoney: caller.seesMoney)
        case .answered(let answer): submission = answer
        }
        switch submission {
        case .created:
            context.trace?.brought(job)
            return (JobRecord(queued: job), false)
        case .replayed(let id):
            guard let record = try await api.reader.job(id, owner: job.owner) else { throw CallError.vanished }
            return (record, true)
        case .keyReused: throw CallError.keyReused
        case .noParent: throw CallError.previousGone
        }
    }
}
