/// What a provider keeps of an answer.
package struct KeptUpstream: Sendable, Hashable {
    /// The name of the provider row that got the answer.
    package var row: String
    /// With whose account; see ``AttemptStart/account``.
    package var account: String?
    /// The provider's id of it.
    package var upstreamID: String

    package init(row: String, account: String?, upstreamID: String) {
        self.row = row
        self.account = account
        self.upstreamID = upstreamID
    }

    /// What the provider may keep of an attempt's answer; nil for an attempt that got none.
    package init?(_ attempt: AttemptRecord) {
        guard let upstreamID = attempt.report?.upstreamID else { return nil }
        self.init(row: attempt.start.row, account: attempt.start.account, upstreamID: upstreamID)
    }
}
