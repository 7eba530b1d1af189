package import SluiceTypes

/// What a job's ended attempts tell of the next one.
package struct JobHistory: Sendable, Hashable {
    /// Attempts that were more than a place given back.
    package private(set) var tries = 0
    /// The provider rows on which it has failed, in whatever life of the job.
    package private(set) var failedRows: Set<String> = []
    /// Attempts of which nobody knows what became.
    package private(set) var unknowns = 0
    /// Attempts that failed, or met a provider that failed for everybody: what pauses grow by.
    package private(set) var setbacks = 0
    /// Limits that lay in the job itself since it has been put off; see ``note(_:on:_:at:since:)``.
    package private(set) var ownLimits = 0
    /// When a provider last asked for patience.
    package private(set) var limitedAt: Timestamp?

    package init() {}

    /// Takes an attempt in that ended on `row`, of a job that has been put off without a break since `deferredSince`.
    ///
    /// An outcome of nil is one that this version does not know: a try like another, which keeps nobody waiting.
    package mutating func note(
        _ outcome: AttemptOutcome?,
        on row: String,
        _ errorClass: ErrorClass?,
        at endedAt: Timestamp?,
        since deferredSince: Timestamp?
    ) {
        guard outcome != .released else { return }
        tries += 1
        let hasFailed = outcome == .failed || outcome == .unknown
        if hasFailed { failedRows.insert(row) }
        if outcome == .unknown { unknowns += 1 }
        guard errorClass == .rateLimit else {
            if hasFailed || outcome == .deferred { setbacks += 1 }
            return
        }
        limitedAt = max(limitedAt ?? endedAt, endedAt)
        guard outcome == .failed, let endedAt, let deferredSince, endedAt >= deferredSince else { return }
        ownLimits += 1
    }

    private func max(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        guard let left, let right else { return left ?? right }
        return left > right ? left : right
    }
}
