/// The audit, append-only; ``RetentionStore/cutAudit(at:limit:)`` takes out what is old.
package protocol AuditStore: Sendable {
    /// - Throws: ``StoreError``.
    func append(_ entry: AuditEntry) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func audit(_ query: AuditQuery) async throws(StoreError) -> [AuditEntry]
}
