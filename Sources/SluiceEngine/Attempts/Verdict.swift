import SluiceProvider
import SluiceStore
import SluiceTypes

/// What follows from an attempt: the table "What counts, and against what" of `docs/jobs.md`, as a function.
enum Verdict: Sendable {
    case succeed(finish: String)
    /// Queue it again after a random pause; dead when the failure was its last.
    case retry(outcomeIsUnknown: Bool)
    /// Dead at once. `counts` tells whether it is one of the failures a job may have.
    case die(counts: Bool, outcomeIsUnknown: Bool)
    /// The provider asked for patience: the row is closed for the model, the job waits, nothing counts.
    case wait
    /// The provider could not be reached, and saw nothing of it: the job waits, nothing counts.
    case unreached
    /// The credential's fault: another credential or row if there is one.
    case refuseCredential
    /// This row does not know the model, or this credential may not do what was asked: another one if there is one.
    case tryNext
    /// Nothing had been sent: as if it had never been claimed.
    case release
    /// The gateway stops while the call runs: nothing counts, and the caller's policy decides.
    case interrupt

    static func decide(_ result: AttemptResult, onUnknown: OnUnknown) -> Verdict {
        switch result.end {
        case .finished(let reason): .succeed(finish: reason)
        case .calledOff(let sent): sent ? .interrupt : .release
        case .unsent: .unreached
        // What this very request caused it would cause again, and be paid for again.
        case .unknown(let errorClass, _) where errorClass.isAboutRequest: .die(counts: true, outcomeIsUnknown: true)
        case .unknown:
            onUnknown == .retry ? .retry(outcomeIsUnknown: true) : .die(counts: true, outcomeIsUnknown: true)
        case .failed(let errorClass, _): decide(errorClass, askedToWait: result.retryAfter != nil)
        }
    }

    private static func decide(_ errorClass: ErrorClass, askedToWait: Bool) -> Verdict {
        switch errorClass.remedy {
        case .patience: .wait
        case .patienceOrRetry: askedToWait ? .wait : .retry(outcomeIsUnknown: false)
        case .retry: .retry(outcomeIsUnknown: false)
        case .otherCredential: .refuseCredential
        case .otherRow: .tryNext
        case .none: .die(counts: false, outcomeIsUnknown: false)
        }
    }
}
