package import SluiceTypes

/// A failed attempt and what shall follow.
package struct Failure: Sendable {
    package var report: AttemptReport
    /// What the attempt brought before it failed; nil for nothing.
    package var output: AttemptOutput?
    /// True when nobody can tell whether the provider carried the call out: the attempt is `unknown`, not `failed`.
    package var outcomeIsUnknown: Bool
    /// True when it spends one of the job's ``JobTerms/tries``.
    package var counts: Bool
    /// When to try again; nil for never.
    ///
    /// A failure that spends the last try makes the job dead whatever stands here.
    package var retryAt: Timestamp?

    package init(
        report: AttemptReport,
        output: AttemptOutput? = nil,
        outcomeIsUnknown: Bool = false,
        counts: Bool,
        retryAt: Timestamp?
    ) {
        self.report = report
        self.output = output
        self.outcomeIsUnknown = outcomeIsUnknown
        self.counts = counts
        self.retryAt = retryAt
    }
}
