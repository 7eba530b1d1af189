package import SluiceTypes

/// What all lines of one day add up to that share owner, token, provider and model.
package struct UsageDay: Sendable, Hashable {
    /// In days since 1970, UTC.
    package var day: Int64
    package var owner: OwnerID
    package var token: TokenID?
    package var provider: String
    package var model: String
    package var sums: LedgerSums

    package init(
        day: Int64,
        owner: OwnerID,
        token: TokenID?,
        provider: String,
        model: String,
        sums: LedgerSums
    ) {
        self.day = day
        self.owner = owner
        self.token = token
        self.provider = provider
        self.model = model
        self.sums = sums
    }
}
