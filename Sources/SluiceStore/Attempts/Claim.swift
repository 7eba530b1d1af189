/// The right, and the duty, to settle one attempt of one job.
///
/// A claim can't be copied, and each transition that ends an attempt consumes it, so settling twice does not compile.
/// One that is dropped without an outcome would leave its job running for ever: debug builds stop there.
package struct Claim: ~Copyable, Sendable {
    /// What was claimed.
    package let job: ClaimedJob
    private var spent = false

    /// Only stores make claims, from a row they have just marked as running.
    package init(_ job: ClaimedJob) {
        self.job = job
    }

    /// Ends the duty.
    ///
    /// Only stores call it, with the transition in hand.
    package consuming func spend() -> ClaimedJob {
        spent = true
        return job
    }

    /// Ends the duty without an outcome: the job stays running and is rescued at the next start.
    ///
    /// Only for a process that can write no more.
    package consuming func abandon() {
        spent = true
    }

    deinit {
        assert(spent, "the claim on job \(job.id), epoch \(job.epoch), was dropped without an outcome")
    }
}
