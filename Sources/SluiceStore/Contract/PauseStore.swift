/// Which provider rows operators have paused: kept, so that a restart sends nothing where nothing is to go.
package protocol PauseStore: Sendable {
    /// All of them, by the rows' names.
    ///
    /// - Throws: ``StoreError``.
    func pauses() async throws(StoreError) -> [RowPause]

    /// Pauses a row; one that is paused already stays so as it was, and false is answered.
    ///
    /// - Throws: ``StoreError``.
    func pause(_ pause: RowPause, audit: AuditEntry) async throws(StoreError) -> Bool

    /// Takes a row's pause away; false where there was none.
    ///
    /// - Throws: ``StoreError``.
    func resume(row: String, audit: AuditEntry) async throws(StoreError) -> Bool
}
