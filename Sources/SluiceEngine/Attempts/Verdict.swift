import SluiceProvider
import SluiceStore
import SluiceTypes

/// What an attempt means for its job and for others: the table "What counts, and against what" of `docs/jobs.md`, as a function.
enum Verdict: Sendable, Hashable {
    case succeed(finish: String)
    /// The request's own fault, which nobody else would take either.
    case die
    /// The request went out, and nobody can tell what became of it.
    case lose
    /// The provider failed, and surely charged nothing: another member is asked, and then it is one of the job's failures.
    case fail
    /// The provider asked for patience.
    case wait
    /// The provider could not be reached, and saw nothing of it.
    case unreached
    /// The gateway itself lacks what a call needs, and the provider saw nothing of it.
    case starve
    /// The row lacks what only an operator can give it.
    case leaveRow(String)
    /// The key's fault, or its account's.
    case refuse(KeyHealth.Reason)
    /// Said of this request, and if of others as well, of the account.
    case doubt
    /// This row can't serve the request: another one if there is one.
    case tryNext
    /// Something else answers where the provider should be: another row if there is one.
    case misconfigured
    /// The model is too small for the request: the next model of its route, if there is one.
    case tryNextModel
    /// Nothing had been sent: as if it had never been claimed.
    case release
    /// The gateway stops while the call runs: nothing counts, and the caller's policy decides.
    case interrupt

    static func decide(_ result: AttemptResult) -> Verdict {
        switch result.end {
        case .finished(let reason): .succeed(finish: reason)
        case .calledOff(let sent): sent ? .interrupt : .release
        case .unsent: .unreached
        case .starved: .starve
        case .unusable(let reason): .leaveRow(reason)
        case .passedOver: .tryNext
        case .unknown: .lose
        case .failed(let errorClass, _):
            decide(errorClass, result)
        }
    }

    private static func decide(_ errorClass: ErrorClass, _ result: AttemptResult) -> Verdict {
        let askedToWait = result.retryAfter != nil
        return switch errorClass.remedy {
        case .patience: .wait
        case .patienceOrRetry: askedToWait ? .wait : .fail
        case .retry: .fail
        case .otherCredential: .refuse(reason(errorClass, result))
        case .otherAccount: .doubt
        case .otherRow: .tryNext
        case .mending: .misconfigured
        case .otherModel: .tryNextModel
        case .none: .die
        }
    }

    private static func reason(_ errorClass: ErrorClass, _ result: AttemptResult) -> KeyHealth.Reason {
        let word = result.httpStatus.map { "HTTP \($0)" } ?? errorClass.rawValue
        if errorClass == .quota { return .money(word) }
        return result.refusal?.code == "account_deactivated" ? .closed(word) : .refused(word)
    }
}
