import SluiceProvider
import SluiceStore
import SluiceTypes

/// What one attempt brought, before anybody decides what to make of it.
final class AttemptResult: Sendable {
    /// How it ended.
    enum End: Sendable {
        /// A whole answer: the reason why the model stopped.
        case finished(String)
        /// A known failure.
        case failed(ErrorClass, message: String)
        /// The request went out and nobody can tell what became of it.
        case unknown(ErrorClass, message: String)
        /// No byte of the request went out: nothing has happened.
        case unsent(ErrorClass, message: String)
        /// No byte of the request went out, for what the gateway itself lacks; no provider is to blame.
        case starved(message: String)
        /// No byte went out, and none will: the row lacks what only an operator can give it.
        case unusable(message: String)
        /// No byte went out, since the row may not be sent what the request takes up.
        case passedOver(message: String)
        /// Called off by the gateway; `sent` tells whether the provider may have seen the request.
        case calledOff(sent: Bool)
    }

    let end: End
    let firstByteAt: Timestamp?
    let endedAt: Timestamp
    let httpStatus: Int?
    /// How long the provider asked to wait, where it did.
    let retryAfter: Duration?
    /// What the provider says is left of what it allows the account.
    let allowances: [Allowance: Int64]
    let reply: ReplyAssembler
    /// What the provider said instead of an answer, in its own words; scrubbed of secrets.
    let refusal: ProviderError?
    /// The header fields of the answer that go back to the caller.
    let fields: [String: String]
    let log: [UInt8]
    /// True when content of a stream came: it may have reached the caller.
    let isBegun: Bool
    /// Where something answered that is not the provider's API, without query; nil for all other answers.
    let misplacedURL: String?
    /// How the request was put to the account.
    let rendition: Rendition
    /// What it used and cost; nil where nothing is charged for.
    let entry: LedgerEntry?

    init(
        end: End,
        firstByteAt: Timestamp?,
        endedAt: Timestamp,
        httpStatus: Int?,
        retryAfter: Duration?,
        allowances: [Allowance: Int64],
        reply: ReplyAssembler,
        refusal: ProviderError?,
        fields: [String: String],
        log: [UInt8],
        isBegun: Bool,
        misplacedURL: String?,
        rendition: Rendition,
        entry: LedgerEntry?
    ) {
        self.end = end
        self.firstByteAt = firstByteAt
        self.endedAt = endedAt
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
        self.allowances = allowances
        self.reply = reply
        self.refusal = refusal
        self.fields = fields
        self.log = log
        self.isBegun = isBegun
        self.misplacedURL = misplacedURL
        self.rendition = rendition
        self.entry = entry
    }

    var report: AttemptReport {
        var report = AttemptReport(
            firstByteAt: firstByteAt,
            endedAt: endedAt,
            httpStatus: httpStatus,
            upstreamID: reply.upstreamID,
            finishUpstream: reply.finishUpstream,
            dropped: rendition.dropped,
            rebuiltTurns: rendition.rebuiltTurns,
            entry: entry
        )
        switch end {
        case .finished: break
        case .failed(let errorClass, let message), .unknown(let errorClass, let message),
            .unsent(let errorClass, let message):
            report.errorClass = errorClass
            report.message = message
        case .starved(let message), .unusable(let message):
            report.errorClass = .network
            report.message = message
        case .passedOver(let message):
            report.errorClass = .invalidRequest
            report.message = message
        case .calledOff:
            report.errorClass = .interrupted
            report.message = "the gateway called the attempt off"
        }
        return report
    }

    /// True for a whole answer.
    var isFinished: Bool {
        if case .finished = end { true } else { false }
    }

    /// True when there may be too many calls.
    var isOverload: Bool {
        switch end {
        case .failed(let errorClass, _), .unknown(let errorClass, _):
            errorClass == .overloaded || errorClass == .timeout
        case .finished, .unsent, .starved, .unusable, .passedOver, .calledOff: false
        }
    }

    /// True when nobody can tell whether the provider carried the call out, and charged for it.
    var isUnknown: Bool {
        switch end {
        case .unknown, .calledOff(sent: true): true
        case .finished, .failed, .unsent, .starved, .unusable, .passedOver, .calledOff(sent: false): false
        }
    }

    /// False when the provider saw nothing of the request.
    var wasSent: Bool {
        switch end {
        case .unsent, .starved, .unusable, .passedOver, .calledOff(sent: false): false
        case .failed: rendition.isAsked
        case .finished, .unknown, .calledOff(sent: true): true
        }
    }

    /// True when the provider's status says something of the request, and nothing of how the provider is.
    var isClientError: Bool { httpStatus.map { (400..<500).contains($0) } ?? false }

    /// True when the provider refused this request, and not everybody's.
    var isAboutRequest: Bool {
        switch end {
        case .failed(let errorClass, _), .unknown(let errorClass, _): errorClass.isAboutRequest
        case .finished, .unsent, .starved, .unusable, .passedOver, .calledOff: false
        }
    }

    /// The answer as it is stored.
    func success(_ finish: String) -> Success {
        Success(
            report: report,
            output: output ?? AttemptOutput(log: [], text: "", complete: true),
            body: reply.body,
            finish: finish
        )
    }

    /// What failed, as it is stored.
    func failure(counts: Bool, unknown: Bool, retryAt: Timestamp?) -> Failure {
        Failure(report: report, output: output, outcomeIsUnknown: unknown, counts: counts, retryAt: retryAt)
    }

    var output: AttemptOutput? {
        if case .finished = end { return AttemptOutput(log: log, text: reply.text, complete: true) }
        return reply.text.isEmpty && log.isEmpty ? nil : AttemptOutput(log: log, text: reply.text, complete: false)
    }
}
