package import SluiceTypes

/// Limits of owners and tokens, and what was spent of budgets.
///
/// What is spent is added up where lines of the ledger are written, in that transaction, for those alone who have a budget.
package protocol LimitStore: Sendable {
    /// Sets what an owner or a token may do; nil for no limits. A token that shares another's limits has its own from then on.
    ///
    /// What was spent since the begin of the window that holds `now` is added up from the ledger.
    ///
    /// - Throws: ``StoreError``.
    func setLimits(
        of subject: LimitSubject,
        to limits: SpendingLimits?,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError)

    /// What waits for the end of a budget's window, or until ``BudgetWindow/never``, since a limit or a price lets it not pass, is due at
    /// `now`; answers how many jobs that are.
    ///
    /// - Throws: ``StoreError``.
    func wake(at now: Timestamp) async throws(StoreError) -> Int

    /// All limits, in no order.
    ///
    /// - Throws: ``StoreError``.
    func limits() async throws(StoreError) -> [LimitRecord]

    /// What was spent in all windows that are kept, in no order.
    ///
    /// - Throws: ``StoreError``.
    func spend() async throws(StoreError) -> [SpendRecord]

    /// The windows in which a mark was reached of which nobody has been told outside, newest first; of those that were not over at a
    /// moment.
    ///
    /// - Throws: ``StoreError``.
    func alarms(notOverAt moment: Timestamp) async throws(StoreError) -> [SpendRecord]

    /// Whoever is to be told outside has been told that a window has reached a mark, or can't be.
    ///
    /// - Throws: ``StoreError``.
    func noteAlarmed(_ record: SpendRecord) async throws(StoreError)

    /// What waits of each owner and each token of whom something does, by their ids.
    ///
    /// It is added up where jobs begin and cease to wait, in that transaction; no job is counted for it.
    ///
    /// - Throws: ``StoreError``.
    func queueSizes() async throws(StoreError) -> [String: QueueSize]
}
