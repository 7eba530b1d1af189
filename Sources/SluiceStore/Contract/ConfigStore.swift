package import SluiceTypes

/// Configurations that attempts used, so that an attempt's row can be shown after a reload.
package protocol ConfigStore: Sendable {
    /// Keeps a row's configuration under its hash; one that is known stays as it is.
    ///
    /// - Throws: ``StoreError``.
    func record(config json: [UInt8], hash: String, at now: Timestamp) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func config(_ hash: String) async throws(StoreError) -> [UInt8]?
}
