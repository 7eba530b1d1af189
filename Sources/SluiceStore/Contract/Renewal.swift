/// What became of a step to another provider row within one call.
package enum Renewal: ~Copyable, Sendable {
    /// The old attempt is closed, the next epoch is open and claimed.
    case renewed(Claim)
    /// The job had moved on; see ``Settlement/stale``.
    case stale
    /// Not committed, or not known to be; see ``Settlement/unsettled(_:_:)``.
    case unsettled(Claim, StoreError)
}
