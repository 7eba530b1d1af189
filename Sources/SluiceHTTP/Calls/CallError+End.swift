import SluiceEngine
import SluiceStore
import SluiceTypes

extension CallError {
    /// What the caller of a stream is told that has begun; nil for a success.
    init?(_ end: CallEnd, in envelope: ErrorEnvelope, to caller: CallHeaders) {
        switch end {
        case .succeeded: return nil
        case .failed(let failure): self.init(failure.hiding(caller.secrets), in: envelope)
        case .cancelled(let isCharged): self = .cancelled(possiblyCharged: isCharged)
        // None of these is the end of a stream that has begun.
        case .notStored, .replayed, .keyReused, .noParent: self = .cancelled(possiblyCharged: false)
        }
    }

    /// What the caller of a stored job is told that brought no answer; `own` is what its provider said to it, where that is kept.
    init(_ job: JobRecord, own: CallFailure.Own?, in envelope: ErrorEnvelope, to caller: CallHeaders?) {
        var failure = CallFailure(job)
        failure.own = own
        self.init(failure.hiding(caller?.secrets ?? []), in: envelope)
    }

    /// A call that was cancelled.
    static func cancelled(possiblyCharged: Bool) -> CallError {
        let failure = CallFailure(.cancelled, ErrorClass.cancelled.sentence, possiblyCharged: possiblyCharged)
        // Nobody's own words but ours.
        return CallError(failure, in: .openAI)
    }
}
