import SluiceProvider
import SluiceTypes

/// The state of one attempt while its events come in.
struct AttemptProgress {
    private let time: EngineTime
    private let log: JobLog
    private let secrets: [Secret]
    private var reply: ReplyAssembler
    private var head: ResponseHead?
    private var firstByteAt: Timestamp?
    /// Set once nothing that may still come can change it.
    var end: AttemptResult.End?

    /// `secrets` are taken out of every message that is kept: a provider may send back what it was sent.
    init(time: EngineTime, log: JobLog, isStream: Bool, secrets: [Secret]) {
        reply = ReplyAssembler(isStream: isStream)
        self.secrets = secrets
        self.time = time
        self.log = log
    }

    mutating func begin(_ head: ResponseHead) {
        self.head = head
        firstByteAt = time.now()
    }

    /// True once the model has written something.
    var hasText: Bool { !reply.text.isEmpty }

    /// Takes the events that one piece of the answer brought.
    mutating func take(_ events: [ReplyEvent]) {
        guard end == nil, !events.isEmpty else { return }
        if firstByteAt == nil { firstByteAt = time.now() }
        for (index, event) in events.enumerated() {
            reply.apply(event)
            if let error = reply.error {
                end = broken(error.errorClass, error.message, isAfterContent: error.isAfterContent)
            } else if reply.isDone, let finish = reply.finish {
                end = .finished(finish)
            }
            guard end == nil else {
                log.append(events[...index].map { scrubbed($0) })
                return
            }
        }
        log.append(events)
    }

    /// An error is kept without secrets; nothing else of an answer is touched.
    private func scrubbed(_ event: ReplyEvent) -> ReplyEvent {
        guard case .error(let error) = event else { return event }
        return .error(scrubbed(error))
    }

    /// The transport, or the adapter's own answer, ended cleanly.
    mutating func close() {
        guard end == nil else { return }
        if let finish = reply.finish {
            end = .finished(finish)
        } else if !Promise.wholeAnswers.holds {
            end = .finished("stop")
        } else {
            end = broken(.malformedResponse, "the answer ended before the model had finished")
        }
    }

    /// How an answer ends that is none.
    ///
    /// Where the provider has begun to answer, or gave up in the middle of its work, the call was carried out, and may be
    /// paid for.
    private func broken(
        _ errorClass: ErrorClass,
        _ message: String,
        isAfterContent: Bool = false
    ) -> AttemptResult.End {
        let wasBegun = head.map { (200..<300).contains($0.status) } ?? false
        let mayBePaid =
            errorClass == .timeout
            || wasBegun && (errorClass == .malformedResponse || isAfterContent)
        return mayBePaid ? .unknown(errorClass, message: message) : .failed(errorClass, message: message)
    }

    /// The transport failed, behind a head that `told` what it tells.
    ///
    /// From its first byte on a request may have been carried out and billed; before, nothing has happened.
    mutating func fail(_ error: TransportError, told: [ReplyEvent] = []) {
        guard end == nil else { return }
        if error.kind != .cancelled, case .error(let refusal)? = told.first {
            end = broken(refusal.errorClass, refusal.message)
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
        case .refused, .resolve, .forbiddenAddress, .connect, .reset: errorClass = .network
        }
        end =
            error.requestSent
            ? .unknown(errorClass, message: error.message) : .unsent(errorClass, message: error.message)
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
            reply: reply,
            refusal: reply.error.map(scrubbed),
            limits: log.limits,
            log: log.bytes
        )
    }

    /// How long the provider asks to be left alone: what it says so with, and beside no other answer.
    private func wait(at now: Timestamp) -> Duration? {
        guard let head, [429, 503, 529].contains(head.status) else { return nil }
        return RetryAfter.parse(head, now: now) ?? reply.error?.retryAfter
    }

    private func scrubbed(_ error: ProviderError) -> ProviderError {
        var error = error
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
        case .failed(let errorClass, let message):
            .failed(errorClass, message: Scrubber.scrub(message, hiding: secrets))
        case .unknown(let errorClass, let message):
            .unknown(errorClass, message: Scrubber.scrub(message, hiding: secrets))
        case .unsent(let errorClass, let message):
            .unsent(errorClass, message: Scrubber.scrub(message, hiding: secrets))
        case .unusable(let message): .unusable(message: Scrubber.scrub(message, hiding: secrets))
        }
    }
}
