import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

/// Writes jobs as callers see them.
enum RecordWriter {
    /// The record alone; `document` is the job's input, where it has been read already.
    ///
    /// What it cost is told only where `seesMoney`.
    static func bytes(
        _ job: JobRecord,
        waiting: Waiting?,
        document: Document? = nil,
        seesMoney: Bool
    ) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object {
                members(of: job, waiting: waiting, document: document, seesMoney: seesMoney, to: &$0)
            }
        }
    }

    /// How the job stands, for callers who may not read it.
    static func standing(of job: JobRecord) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("id", job.id.description)
                writer.member("status", job.state.rawValue)
                writer.member("processStatus", job.state.processStatus)
                writer.member("createdAt", job.createdAt.description)
                writer.member("updatedAt", job.updatedAt.description)
            }
        }
    }

    static func members(
        of job: JobRecord,
        waiting: Waiting?,
        document: Document? = nil,
        seesMoney: Bool,
        to writer: inout JSONWriter
    ) {
        writer.member("id", job.id.description)
        writer.member("status", job.state.rawValue)
        writer.member("type", job.operation.rawValue)
        writer.member("model", job.model)
        writer.member("provider", job.lastAttempt?.start.row)
        writer.member("surface", job.surface.rawValue)
        writer.member("lane", job.lane.rawValue)
        writer.texts("fallbacks", ModelRoute(text: job.facts.route).fallbacks)
        writer.member("tries", job.terms.tries)
        input(of: job, document: document, to: &writer)
        answer(of: job, to: &writer)
        if seesMoney { cost(of: job, to: &writer) }
        writer.member("attempts", job.attempts)
        writer.member("possiblyCharged", job.possiblyCharged)
        if job.state == .queued {
            writer.member("waitingFor", waiting?.reason)
            writer.member("nextAttemptAt", (waiting?.nextAttemptAt ?? job.runAt).description)
        }
        writer.member("processStatus", job.state.processStatus)
        writer.memberIfPresent("gptResponse", originalAnswer(of: job))
        writer.member("createdAt", job.createdAt.description)
        writer.member("updatedAt", job.updatedAt.description)
    }

    /// What was sent, in its own spelling.
    private static func input(of job: JobRecord, document: Document?, to writer: inout JSONWriter) {
        let root =
            job.format == .prompt ? (document ?? job.input.flatMap { try? Document(indexing: $0.body) })?.root : nil
        for name in ["prompt", "systemMsg", "randomness", "maxToken"] {
            writer.member(name, root?[key: name].map { RawJSON($0.bytes) })
        }
        writer.member("metadata", RawJSON(job.input?.metadata ?? Array("{}".utf8)))
        if job.format != .prompt {
            // Empty where calls are recorded without their bodies.
            writer.member("request", job.input.flatMap { RecordWriter.shown($0.body, hidesIn: holding, job) })
        }
    }

    private static func answer(of job: JobRecord, to writer: inout JSONWriter) {
        writer.member("response", response(of: job))
        if job.format != .prompt {
            writer.member(
                "result",
                job.result.flatMap { RecordWriter.shown($0.body, hidesIn: [.openAIResponses, .openAICompaction], job) }
            )
        }
        ending(of: job, to: &writer)
    }

    /// A body as whoever may look at the job sees it; nil for one that is not kept.
    ///
    /// Only in some `formats` may callers' secrets stand in it.
    private static func shown(_ body: [UInt8], hidesIn formats: Set<RequestFormat>, _ job: JobRecord) -> RawJSON? {
        guard !body.isEmpty else { return nil }
        return RawJSON(formats.contains(job.format) ? CallersSecrets.hidden(in: body) : body)
    }

    private static let holding: Set<RequestFormat> = [
        .openAIChat, .anthropicMessages, .openAIResponses, .openAICompaction,
    ]

    /// The answer's text; nil where it consists of something else, and where it is not kept.
    private static func response(of job: JobRecord) -> String? {
        guard job.operation != .embedding, let text = job.result?.text else { return nil }
        return text.isEmpty && job.format != .prompt ? nil : text
    }

    /// How it ended, without what was answered.
    static func ending(of job: JobRecord, to writer: inout JSONWriter) {
        writer.member("finishReason", job.result?.finish)
        writer.memberIfPresent("finishReasonUpstream", job.finishUpstream)
        if !job.dropped.isEmpty { writer.texts("dropped", job.dropped) }
        writer.memberIfPresent("rebuiltTurns", job.lastAttempt?.report?.rebuiltTurns)
        if let usage = job.result?.usage {
            writer.member("usage", object: { write(usage, to: &$0) })
        } else {
            writer.key("usage")
            writer.null()
        }
        guard let failure = job.failure else {
            writer.key("error")
            writer.null()
            return
        }
        writer.member(
            "error",
            object: { writer in
                writer.member("class", failure.errorClass.rawValue)
                writer.member("message", failure.message)
                writer.member("provider", failure.attempt?.start.row)
                writer.member("httpStatus", failure.attempt?.report?.httpStatus)
            }
        )
    }

    /// What all its attempts cost together; null where nothing was charged for.
    static func cost(of job: JobRecord, to writer: inout JSONWriter) {
        guard let cost = job.cost else { return writer.member("cost", String?.none) }
        writer.member(
            "cost",
            object: { writer in
                writer.member("usd", cost.state == .priced ? Money(nanoUSD: cost.cost).description : nil)
                writer.member("state", cost.state.rawValue)
                writer.member("low", Money(nanoUSD: cost.low).description)
                writer.member("likely", Money(nanoUSD: cost.likely).description)
                writer.member("high", Money(nanoUSD: cost.high).description)
                writer.member("priceVersion", cost.priceVersion)
            }
        )
    }

    static func write(_ usage: Usage, to writer: inout JSONWriter) {
        writer.member("promptTokens", usage.promptTokens)
        writer.member("completionTokens", usage.completionTokens)
        writer.member("totalTokens", usage.totalTokens)
    }

    /// Nothing while the job goes on, then the text, or the cause with its sentence.
    private static func originalAnswer(of job: JobRecord) -> String? {
        switch job.state {
        case .queued, .running: nil
        case .succeeded: job.result?.text
        case .dead, .cancelled: job.failure.map { "\($0.errorClass.originalCause): \($0.message)" }
        }
    }
}

extension JobState {
    /// The original API's word.
    var processStatus: String {
        switch self {
        case .queued, .running: "PROCESSING"
        case .succeeded: "SUCCESSFUL"
        case .dead, .cancelled: "ERROR"
        }
    }
}

extension JobRecord {
    /// The provider's own word for why its model stopped, where it is none of ours.
    fileprivate var finishUpstream: String? {
        lastAttempt.flatMap { $0.epoch == result?.epoch ? $0.report?.finishUpstream : nil }
    }

    /// Why the job ended without an answer, and the attempt that was the cause; nil for one that did not.
    var failure: (errorClass: ErrorClass, message: String, attempt: AttemptRecord?)? {
        switch state {
        case .queued, .running, .succeeded: return nil
        case .cancelled: return (.cancelled, ErrorClass.cancelled.sentence, nil)
        case .dead:
            let errorClass = errorClass ?? .unknown
            // The last attempt's words fit only a death of its own making: an expiry comes later and has another cause.
            let attempt = lastAttempt.flatMap { $0.report?.errorClass == errorClass ? $0 : nil }
            return (errorClass, attempt?.report?.message ?? sentence(of: errorClass), attempt)
        }
    }

    /// Why it is dead, where no attempt said it.
    private func sentence(of errorClass: ErrorClass) -> String {
        let patience = "it waited for as long as a prompt may"
        return switch errorClass {
        case .invalidModel:
            "No provider here serves the model \(facts.model) for \(facts.operation) any more; \(patience)."
        case .expired where deadlineAt == nil: "No provider was ready for the prompt; \(patience)."
        default: errorClass.sentence
        }
    }
}
