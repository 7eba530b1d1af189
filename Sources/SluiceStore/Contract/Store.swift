/// All that a durable store promises.
///
/// Every implementation passes `StoreConformance`.
package protocol Store: JobStore, RetentionStore, JobReader, TokenStore, AuditStore, ConfigStore, StoreProof {}

/// Whether a store is well.
package protocol StoreProof: Sendable {
    /// Proves, by writing, that the store can write now.
    ///
    /// - Throws: ``StoreError`` when it can't.
    func checkWritable() async throws(StoreError)
}
