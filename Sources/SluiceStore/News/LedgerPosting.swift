package import SluiceTypes

/// What a line of the ledger has added to its sums, or what was told of it later has.
package struct LedgerPosting: Sendable, Hashable {
    package var owner: OwnerID
    /// The provider row's name.
    package var provider: String
    /// The model's name as the provider knows it.
    package var model: String
    /// Whether somebody has written a price for a model of just this name.
    package var isModelPriced: Bool
    /// May be less than nothing where better is known now.
    package var difference: LedgerSums

    package init(
        owner: OwnerID,
        provider: String,
        model: String,
        isModelPriced: Bool,
        difference: LedgerSums
    ) {
        self.owner = owner
        self.provider = provider
        self.model = model
        self.isModelPriced = isModelPriced
        self.difference = difference
    }
}
