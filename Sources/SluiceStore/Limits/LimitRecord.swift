package import SluiceTypes

/// The limits of one owner or token, as they are kept.
package struct LimitRecord: Sendable, Hashable {
    package var subject: LimitSubject
    /// For a token that has taken the place of another: whose limits it shares, and what these have left; nil for one with limits of
    /// its own.
    package var sharedWith: TokenID?
    /// What is set; for one that shares, the same as of that token.
    package var limits: SpendingLimits

    package init(_ subject: LimitSubject, _ limits: SpendingLimits, sharedWith: TokenID? = nil) {
        self.subject = subject
        self.limits = limits
        self.sharedWith = sharedWith
    }

    /// By whose id what was spent is added up.
    package var account: String { sharedWith?.rawValue ?? subject.id }
}
