package import SluiceTypes

/// An attempt that brought no answer and surely cost nothing, after which another row or credential is asked within the same
/// claim.
///
/// It is none of the job's failures.
package struct Setback: Sendable {
    package var report: AttemptReport
    /// What the attempt brought before it failed; nil for nothing.
    package var output: AttemptOutput?
    /// True when the provider asked for patience: the attempt is `deferred`, not `failed`.
    package var isDeferral: Bool

    package init(report: AttemptReport, output: AttemptOutput? = nil, isDeferral: Bool = false) {
        self.report = report
        self.output = output
        self.isDeferral = isDeferral
    }

    /// How the attempt is closed.
    package var outcome: AttemptOutcome { isDeferral ? .deferred : .failed }
}
