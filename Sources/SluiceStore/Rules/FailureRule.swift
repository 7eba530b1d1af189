package import SluiceTypes

/// What a failed attempt ends in, and what it leaves behind on its job.
package enum FailureRule {
    /// Where the job goes.
    package enum End: Sendable, Hashable {
        case queued(at: Timestamp)
        case dead(ErrorClass)
    }

    /// A failure that counts and reaches `tries` ends the job, whatever stands in `retryAt`; without a moment to try again it is
    /// dead as well.
    package static func end(
        counts: Bool,
        failures: Int,
        tries: Int,
        retryAt: Timestamp?,
        errorClass: ErrorClass?
    ) -> End {
        let isLast = counts && failures + 1 >= tries
        guard !isLast, let retryAt else { return .dead(errorClass ?? .unknown) }
        return .queued(at: retryAt)
    }

    /// Since when the job has been put off without a break, after the failure.
    ///
    /// `requeuedAt` is the moment at which it goes back to the queue. What counts nothing and waits is put off, like a deferral.
    package static func deferredSince(
        _ before: Timestamp?,
        endsPatience: Bool,
        requeuedAt: Timestamp
    ) -> Timestamp? {
        endsPatience ? nil : before ?? requeuedAt
    }
}

extension Failure {
    /// How the attempt is closed.
    package var outcome: AttemptOutcome { outcomeIsUnknown ? .unknown : .failed }

    /// True when the provider did more than turn the job away: then whatever patience it asked for before is over.
    ///
    /// A row that does not know the model, or a credential that is refused, is no such break.
    package var endsPatience: Bool { counts || outcomeIsUnknown }

    /// Since when the job has been put off without a break once it is back in the queue, where it was since `before`.
    package func deferredSince(after before: Timestamp?) -> Timestamp? {
        FailureRule.deferredSince(before, endsPatience: endsPatience, requeuedAt: report.endedAt)
    }

    /// What it adds to the failures that counted.
    package var step: Int { counts ? 1 : 0 }

    /// Where the job that `claim` holds goes.
    ///
    /// Only the claim's holder moves the counter, so the claim's own number is the row's.
    package func end(of claim: ClaimedJob) -> FailureRule.End {
        FailureRule.end(
            counts: counts,
            failures: claim.failures,
            tries: claim.terms.tries,
            retryAt: retryAt,
            errorClass: report.errorClass
        )
    }
}
