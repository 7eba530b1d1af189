/// The audit, append-only.
package protocol AuditStore: Sendable {
    /// - Throws: ``StoreError``.
    func append(_ entry: AuditEntry) async throws(StoreError)

    /// - Throws: ``StoreError``.
    func audit(_ query: AuditQuery) async throws(StoreError) -> [AuditEntry]
}
