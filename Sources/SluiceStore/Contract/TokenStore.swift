package import SluiceTypes

/// Owners and API tokens.
///
/// What changes them writes its audit line in the same transaction.
package protocol TokenStore: Sendable {
    /// Stores a new API token, and its owner where `newOwner` is given.
    ///
    /// - Throws: ``StoreError``.
    func insert(_ token: TokenRecord, newOwner: OwnerRecord?, audit: AuditEntry) async throws(StoreError) -> Insertion

    /// Stores `successor`, names it on `old` and lets `old` end at `oldEndsAt`, or at its own end if that is earlier.
    ///
    /// - Throws: ``StoreError``.
    func rotate(
        _ old: TokenID,
        to successor: TokenRecord,
        oldEndsAt: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> Rotation

    /// Ends an API token at `now`; one that is revoked already keeps its first moment. False when there is none.
    ///
    /// - Throws: ``StoreError``.
    func revoke(_ id: TokenID, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> Bool

    /// Stores an owner without any token; false where another has the name.
    ///
    /// - Throws: ``StoreError``.
    func insert(owner: OwnerRecord, audit: AuditEntry) async throws(StoreError) -> Bool

    /// Changes an owner that was not deleted.
    ///
    /// - Throws: ``StoreError``.
    func change(owner: OwnerID, _ change: OwnerChange, audit: AuditEntry) async throws(StoreError) -> OwnerChanged

    /// Sets what an API token may ask for; nil where there is none.
    ///
    /// - Throws: ``StoreError``.
    func narrow(
        _ id: TokenID,
        types: Set<Operation>?,
        models: [String]?,
        audit: AuditEntry
    ) async throws(StoreError) -> TokenRecord?

    /// Writes down when API tokens were last used; an earlier moment than the stored one changes nothing.
    ///
    /// - Throws: ``StoreError``.
    func touch(_ uses: [TokenID: Timestamp]) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func token(_ id: TokenID) async throws(StoreError) -> TokenRecord?

    /// All API tokens, or one owner's, oldest first.
    ///
    /// - Throws: ``StoreError``.
    func tokens(owner: OwnerID?) async throws(StoreError) -> [TokenRecord]

    /// The API tokens that were imported and are not revoked, in no order.
    ///
    /// - Throws: ``StoreError``.
    func importedTokens() async throws(StoreError) -> [TokenRecord]

    /// - Throws: ``StoreError``.
    func owner(_ id: OwnerID) async throws(StoreError) -> OwnerRecord?

    /// - Throws: ``StoreError``.
    func owner(named name: String) async throws(StoreError) -> OwnerRecord?

    /// Ends an owner at `now`: its tokens are revoked and lose their names, it is called `deleted-<n>`, and has no limits any more. Its jobs
    /// are left to ``ownersToClear()``. Nil where there is no such owner, or it was deleted before.
    ///
    /// - Throws: ``StoreError``.
    func deleteOwner(_ id: OwnerID, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> OwnerRecord?

    /// The deleted owners whose jobs have not all ended yet, or have bodies.
    ///
    /// - Throws: ``StoreError``.
    func ownersToClear() async throws(StoreError) -> [OwnerID]

    /// Nothing is left of a deleted owner's jobs but their rows.
    ///
    /// - Throws: ``StoreError``.
    func noteCleared(_ id: OwnerID, at now: Timestamp) async throws(StoreError)

    /// All owners, oldest first.
    ///
    /// - Throws: ``StoreError``.
    func owners() async throws(StoreError) -> [OwnerRecord]
}
