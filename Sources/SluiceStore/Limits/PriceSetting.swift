package import SluiceTypes

/// A price that was set at run time, for a model of one provider row.
package struct PriceSetting: Sendable, Hashable {
    /// The provider row's name.
    package var provider: String
    /// The model's name as the provider knows it, or a pattern with `*`.
    package var model: String
    /// A JSON object, as a row's `prices` have one for each model: units, and USD for a million tokens or for one of anything else.
    package var prices: [UInt8]
    package var setAt: Timestamp

    package init(provider: String, model: String, prices: [UInt8], setAt: Timestamp) {
        self.provider = provider
        self.model = model
        self.prices = prices
        self.setAt = setAt
    }
}
