package import SluiceTypes

/// What became of a settlement.
package enum Settlement: ~Copyable, Sendable {
    /// The transition is committed; the job is now in `state`, due again at `runAt` if it is queued.
    case settled(JobState, runAt: Timestamp?)
    /// The job had moved on. The facts were recorded on the attempt, as `late` or `cancelled`, and the job left alone.
    case stale
    /// Not committed, or not known to be: the claim comes back, and the same settlement may be tried again.
    case unsettled(Claim, StoreError)
}
