/// Prices that were set at run time.
package protocol PriceStore: Sendable {
    /// Sets a price, in the place of one that was set for the same model and row; with no prices that one is taken away.
    ///
    /// - Throws: ``StoreError``.
    func setPrice(_ setting: PriceSetting, audit: AuditEntry) async throws(StoreError)

    /// All that are set, by provider and model.
    ///
    /// - Throws: ``StoreError``.
    func setPrices() async throws(StoreError) -> [PriceSetting]

    /// How many lines of a row's model have no price.
    ///
    /// - Throws: ``StoreError``.
    func unpricedLines(provider: String, model: String) async throws(StoreError) -> Int
}
