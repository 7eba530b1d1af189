package import SluiceStore
import SluiceTypes
import Synchronization

extension Engine {
    /// Takes what operators have paused.
    func loadPauses() async throws(StoreError) {
        let ticket = pauseReadings.add(1, ordering: .relaxed).newValue
        switchboard.pause(try await store.pauses(), ticket: ticket)
    }

    /// Has a row take no new calls until it is resumed, over restarts too; what runs goes on.
    ///
    /// - Returns: false where it was paused already.
    /// - Throws: ``StoreError``.
    package func pause(row: String, by actor: String) async throws(StoreError) -> Bool {
        let now = time.now()
        let entry = AuditEntry(at: now, actor: actor, action: "provider.pause", subject: row, result: "ok")
        let isNews = try await store.pause(RowPause(row: row, since: now, actor: actor), audit: entry)
        try await loadPauses()
        return isNews
    }

    /// Lets a paused row take calls again: its queued jobs come a few at a time, as after an outage.
    ///
    /// - Returns: false where it was not paused.
    /// - Throws: ``StoreError``.
    package func resume(row: String, by actor: String) async throws(StoreError) -> Bool {
        let entry = AuditEntry(at: time.now(), actor: actor, action: "provider.resume", subject: row, result: "ok")
        let isNews = try await store.resume(row: row, audit: entry)
        try await loadPauses()
        return isNews
    }
}
