import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

/// A response that its caller asked for before, as it stands.
struct FoundResponse {
    let job: JobRecord
    /// The id under which it was asked for.
    let id: String

    /// Whether nobody waited for its answer: its id and its numbers are then the gateway's own.
    var isOurs: Bool { job.terms.entry == .queue }

    /// The request it was made by; nil where its bodies are not kept.
    private var request: Document? { job.input.flatMap { try? Document(indexing: $0.body) } }

    /// Whether its caller asked that it be kept, so that others may continue it.
    var isStored: Bool { job.terms.keepsBodies == nil }

    /// Whether the provider may keep the answer of an attempt.
    func isStored(upstream attempt: AttemptRecord) -> Bool {
        request?.root[key: "store"]?.boolean != false && attempt.report?.upstreamID != nil
    }

    /// What puts our id into what the provider says.
    var relabel: ResponsesRelabel {
        ResponsesRelabel(id: id, previous: request?.root[key: "previous_response_id"]?.string)
    }

    /// The response as the gateway itself tells it; nil where its bodies are not kept.
    var own: ResponsesObject? {
        request.map {
            ResponsesObject(
                id: id,
                createdAt: job.createdAt.milliseconds / 1000,
                request: $0,
                isBackground: isOurs
            )
        }
    }

    /// The object: the provider's own, where it has answered; nil where it is not kept.
    ///
    /// `log` is the newest attempt's, for an answer that came as a stream.
    func object(_ log: StoredLog?) -> [UInt8]? {
        switch job.state {
        case .queued: return own?.bytes(.queued)
        case .running: return own?.bytes(.inProgress)
        case .cancelled: return own?.bytes(.cancelled)
        case .dead:
            let failure = CallFailure(job)
            return own?.bytes(.failed(ResponsesErrorCode(failure.errorClass, code: failure.code), failure.message))
        case .succeeded:
            guard let answer = answer(log) else { return nil }
            return isOurs ? relabel.object(answer) ?? answer : answer
        }
    }

    private func answer(_ log: StoredLog?) -> [UInt8]? {
        if let body = job.result?.body, !body.isEmpty { return body }
        guard let log, LogFormat.canRead(log.bytes) else { return nil }
        var end: LogEntry?
        for entry in LogEntries(log: log.bytes) where entry.kind == .terminal { end = entry }
        let event = end.flatMap { try? Document(indexing: Array($0.payload)) }
        return event?.root[key: "response"].map { Array($0.bytes) }
    }
}
