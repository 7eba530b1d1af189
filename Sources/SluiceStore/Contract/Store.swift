package import SluiceTypes

/// All that a durable store promises.
///
/// Every implementation passes `StoreConformance`.
package protocol Store: JobStore, RetentionStore, JobReader, UpstreamDeletionStore, TokenStore, AuditStore, ConfigStore,
    LedgerReader, LimitStore, PriceStore, RepricingStore, ObservedStore, PauseStore, StoreProof
{
    /// 32 random bytes, made with the store and the same ever after, in its backups too: the key of the HMACs by which accounts are
    /// known.
    var secret: [UInt8] { get }
}

extension Store {
    package func mark(of session: String, of owner: OwnerID) -> SessionMark {
        SessionMark(session, of: owner, secret: secret)
    }
}

/// Whether a store is well.
package protocol StoreProof: Sendable {
    /// Proves, by writing, that the store can write now.
    ///
    /// - Throws: ``StoreError`` when it can't.
    func checkWritable() async throws(StoreError)
}
