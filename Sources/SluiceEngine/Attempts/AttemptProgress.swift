import SluiceProvider
import SluiceTypes

/// The state of one attempt while its events come in.
struct AttemptProgress {
    private let time: EngineTime
    private let log: JobLog
    private let permit: Permit
    private let rendition: Rendition
    private let bill: Bill
    private var reply: ReplyAssembler
    private var head: ResponseHead?
    /// Where the call went, without query; known only where something else than the provider's API answered.
    private var misplacedURL: String?
    /// Until when more is waited for; nil before the finish.
    private(set) var answerEnd: AnswerEnd?
    private var firstByteAt: Timestamp?
    /// Set once nothing that may still come can change it.
    var end: AttemptResult.End?

    /// The secrets of the permit's row are taken out of every message that is kept: a provider may send back what it was sent.
    init(time: EngineTime, log: JobLog, isStream: Bool, _ rendition: Rendition, on permit: Permit, _ bill: Bill) {
        reply = ReplyAssembler(isStream: isStream, costFrom: permit.row.pricing.told)
        self.bill = bill
        self.rendition = rendition
        self.permit = permit
        self.time = time
        self.log = log
    }

    /// Notes what the transport brings, before anybody reads it.
    mutating func note(_ event: TransportEvent) {
        switch event {
        case .head(let head):
            self.head = head
            firstByteAt = time.now()
        case .chunk, .end: break
        }
    }

    /// Where room for the answer is set aside.
    var room: (any AnswerRoom)? { log.room }

    /// True once the model has written something.
    var hasText: Bool { !reply.text.isEmpty }

    /// Takes the events that one piece of the answer brought.
    mutating func take(_ events: [ReplyEvent]) {
        guard end == nil, !events.isEmpty else { return }
        if firstByteAt == nil { firstByteAt = time.now() }
        for (index, event) in events.enumerated() {
            reply.apply(event)
            if let error = reply.error {
                end = broken(error)
            } else if reply.isDone, let finish = reply.finish {
                end = .finished(finish)
            }
            guard end == nil else {
                log.append(events[...index].map { scrubbed($0) })
                return
            }
        }
        log.append(events.contains(where: \.isFields) ? events.map { scrubbed($0) } : events)
        guard reply.finish != nil else { return }
        let uptime = time.uptime()
        answerEnd = answerEnd ?? AnswerEnd(finishedAt: uptime)
        answerEnd?.noteEvent(at: uptime)
    }

    /// True for an answer that is whole, so that what may still come is of no use.
    var isWhole: Bool {
        if case .finished = end { true } else { false }
    }

    /// An error, and what goes back in header fields, is kept without secrets; nothing else of an answer is touched.
    private func scrubbed(_ event: ReplyEvent) -> ReplyEvent {
        switch event {
        case .error(let error): .error(scrubbed(error))
        case .fields(let fields): .fields(told(fields))
        default: event
        }
    }

    /// What of an answer's header fields its caller may have.
    private func told(_ fields: [String: String]) -> [String: String] {
        let hasOneOwner = permit.row.statePolicy.isShared || !Promise.allowancesOfOneOwner.holds
        let told = ReturnedFields.told(fields, allowances: hasOneOwner)
        guard told.values.contains(where: { $0.utf8.count >= AttemptProgress.shortestSecret }) else { return told }
        let secrets = permit.row.secrets
        // Only the secrets themselves: an opaque value that looks like a key is its caller's, and has to come whole.
        return told.mapValues { String(decoding: Scrubber.hide(secrets, in: Array($0.utf8)), as: UTF8.self) }
    }

    /// What is shorter is no credential: most limits are shorter, and need no look.
    private static let shortestSecret = 12

    /// The transport, or the adapter's own answer, ended cleanly.
    mutating func close() {
        guard end == nil else { return }
        if let finish = reply.finish {
            end = .finished(finish)
        } else if !Promise.wholeAnswers.holds {
            end = .finished("stop")
        } else {
            end = broken(ProviderError(.malformedResponse, "the answer ended before the model had finished"))
        }
    }

    /// How an answer ends that is none.
    ///
    /// Where the provider has begun to answer, or gave up in the middle of its work, the call was carried out, and may be
    /// paid for.
    private func broken(_ error: ProviderError) -> AttemptResult.End {
        let errorClass = error.errorClass
        // Only whoever runs the gateway can mend it, and needs to know which row it is.
        let message = errorClass == .misconfigured ? "Row \(permit.row.name): \(error.message)" : error.message
        let wasBegun = head.map { (200..<300).contains($0.status) } ?? false
        let mayBePaid =
            errorClass == .timeout
            || wasBegun && (errorClass == .malformedResponse || error.isAfterContent)
        return mayBePaid ? .unknown(errorClass, message: message) : .failed(errorClass, message: message)
    }

    /// The transport failed, behind a head that `told` what it tells.
    ///
    /// From its first byte on a request may have been carried out and billed; before, nothing has happened.
    mutating func fail(_ error: TransportError, told: [ReplyEvent] = []) {
        guard end == nil else { return }
        if error.kind != .cancelled, case .error(let refusal)? = told.first {
            end = broken(refusal)
            return
        }
        let errorClass: ErrorClass
        switch error.kind {
        case .cancelled:
            end = .calledOff(sent: error.requestSent)
            return
        case .answerTooLarge, .malformed: errorClass = .malformedResponse
        case .connectTimeout, .firstByteTimeout, .idleTimeout, .totalTimeout: errorClass = .timeout
        case .forbiddenAddress where !error.requestSent:
            end = .unusable(message: error.message)
            return
        case .noDescriptor:
            end = .starved(message: error.message)
            return
        case .refused, .resolve, .forbiddenAddress, .connect, .reset: errorClass = .network
        }
        end =
            error.requestSent
            ? .unknown(errorClass, message: error.message) : .unsent(errorClass, message: error.message)
    }

    /// No call was made, and nothing can come of it any more; `refusal` tells what of the request is to blame.
    mutating func refuse(_ end: AttemptResult.End, _ refusal: ProviderError?) {
        if let refusal { reply.apply(.error(refusal)) }
        self.end = end
    }

    /// Notes where the call went, where that is to be told.
    mutating func noteURL(_ baseURL: String, _ path: String) {
        guard case .failed(.misconfigured, _) = end else { return }
        misplacedURL = baseURL + path.prefix { $0 != "?" }
    }

    func result() -> AttemptResult {
        let ended = scrubbed(end ?? .failed(.malformedResponse, message: "the attempt brought no answer"))
        let endedAt = time.now()
        return AttemptResult(
            end: ended,
            firstByteAt: firstByteAt,
            endedAt: endedAt,
            httpStatus: head?.status,
            retryAfter: wait(at: endedAt),
            allowances: head.map { Allowance.left($0) } ?? [:],
            reply: reply,
            refusal: reply.error.map(scrubbed),
            fields: log.fields,
            log: log.bytes,
            isBegun: log.isBegun,
            misplacedURL: misplacedURL,
            rendition: rendition,
            entry: bill.entry(for: ended, reply)
        )
    }

    /// How long the provider asks to be left alone: what it says so with, and beside no other answer.
    private func wait(at now: Timestamp) -> Duration? {
        guard let head, [429, 503, 529].contains(head.status) else { return nil }
        return RetryAfter.parse(head, now: now) ?? reply.error?.retryAfter
    }

    private func scrubbed(_ error: ProviderError) -> ProviderError {
        var error = error
        let secrets = permit.row.secrets
        error.message = Scrubber.scrub(error.message, hiding: secrets)
        error.type = error.type.map { Scrubber.scrub($0, hiding: secrets) }
        error.code = error.code.map { Scrubber.scrub($0, hiding: secrets) }
        error.parameter = error.parameter.map { Scrubber.scrub($0, hiding: secrets) }
        error.body = Scrubber.hide(secrets, in: error.body)
        return error
    }

    private func scrubbed(_ end: AttemptResult.End) -> AttemptResult.End {
        switch end {
        case .finished, .calledOff: end
        case .failed(let errorClass, let message): .failed(errorClass, message: scrubbed(message))
        case .unknown(let errorClass, let message): .unknown(errorClass, message: scrubbed(message))
        case .unsent(let errorClass, let message): .unsent(errorClass, message: scrubbed(message))
        case .starved, .passedOver: end
        case .unusable(let message): .unusable(message: scrubbed(message))
        }
    }

    private func scrubbed(_ message: String) -> String { Scrubber.scrub(message, hiding: permit.row.secrets) }
}

extension ReplyEvent {
    fileprivate var isFields: Bool {
        if case .fields = self { true } else { false }
    }
}
