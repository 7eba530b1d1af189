package import SluiceTypes

/// What lines of the ledger come to that share some of what they are told apart by; nil is what they may differ in.
package struct UsageSum: Sendable, Hashable {
    /// In days since 1970, UTC.
    package var day: Int64?
    package var owner: OwnerID?
    /// Nil too for lines that have none.
    package var token: TokenID?
    /// The provider row's name.
    package var provider: String?
    /// The model's name as the provider knows it.
    package var model: String?
    /// Nil too for lines that have none.
    package var tag: String?
    /// Nil too for lines that have none.
    package var session: SessionMark?
    package var sums: LedgerSums

    package init(
        day: Int64? = nil,
        owner: OwnerID? = nil,
        token: TokenID? = nil,
        provider: String? = nil,
        model: String? = nil,
        tag: String? = nil,
        session: SessionMark? = nil,
        sums: LedgerSums
    ) {
        self.day = day
        self.owner = owner
        self.token = token
        self.provider = provider
        self.model = model
        self.tag = tag
        self.session = session
        self.sums = sums
    }
}
