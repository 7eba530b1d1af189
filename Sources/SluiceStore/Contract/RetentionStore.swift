package import SluiceTypes

/// What keeps a store in order, in slices.
///
/// Each slice is one short transaction, so that whoever waits for the store never waits long; the caller asks again until
/// there is nothing left to do.
package protocol RetentionStore: Sendable {
    /// Takes out ended jobs past their time, whole: at most `limit`, and fewer where their bodies are large. Returns how many
    /// went or were put off; 0 when no job is past its time.
    ///
    /// The jobs of a thread go together: one that is past its own time is put off while another of its thread is not, see
    /// ``Expiry/endOfThread(newest:lives:at:)``.
    ///
    /// - Throws: ``StoreError``; then every job is as it was.
    func purge(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Takes input, output, result and idempotency key out of ended jobs that keep them for no longer, see
    /// ``JobTerms/keepsBodies``: at most `limit`, and fewer where they are large. Returns of how many; 0 when none is past its time.
    ///
    /// - Throws: ``StoreError``; then every job is as it was.
    func forgetBodies(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Takes out idempotency keys past their time, at most `limit`. Returns how many went.
    ///
    /// - Throws: ``StoreError``.
    func forgetKeys(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Takes out the audit's oldest lines past their time, at most `limit`. Returns how many went.
    ///
    /// - Throws: ``StoreError``.
    func cutAudit(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Takes out what the ledger has kept long enough: of its oldest days the lines, at most `limit`, and then their sums. Returns how
    /// many lines and sums went; 0 when none is past its time.
    ///
    /// - Throws: ``StoreError``.
    func cutLedger(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Gives a slice of the room that purged jobs have left back to the file system; false when too little is free for that.
    ///
    /// - Throws: ``StoreError``.
    func giveBackRoom() async throws(StoreError) -> Bool

    /// Makes due what waits only because the clock went back: at most `limit` jobs; returns how many.
    ///
    /// These are queued jobs whose birth, or last attempt's end, lies after `now`, and which were to wait for a minute at
    /// most from then on; and those that are due later than any job can be. Each waits for as long as it was to wait; a
    /// deadline moves along.
    ///
    /// - Throws: ``StoreError``.
    func realign(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Writes down a time of day that is believed; see ``notedTime()``.
    ///
    /// - Throws: ``StoreError``.
    func note(time: Timestamp) async throws(StoreError)

    /// The last time of day that was written down; nil in a new store.
    ///
    /// - Throws: ``StoreError``.
    func notedTime() async throws(StoreError) -> Timestamp?
}
