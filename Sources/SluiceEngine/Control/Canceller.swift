import SluiceStore
import SluiceTypes

/// Cancels jobs: in the store first, then the run and its call.
struct Canceller: Sendable {
    let store: any CallStore
    let running: RunningJobs
    let feed: Feed
    let time: EngineTime
    /// How long a request that is out runs on, so that what it used is told.
    let drain: Duration

    /// Cancels a job and, where it runs, closes its call; `audit` goes down with it.
    ///
    /// - Throws: ``StoreError``.
    func cancel(_ id: JobID, owner: OwnerID?, audit: AuditEntry?) async throws(StoreError) -> Cancellation {
        let cancellation = try await store.cancel(id, owner: owner, at: time.now(), audit: audit)
        if case .cancelled = cancellation {
            running.cancel(id, after: drain, time)
            feed.notify(id)
        }
        return cancellation
    }

    /// Closes a call that nobody waits for, whatever the store says: it would only cost money.
    func close(_ id: JobID) async {
        do throws(StoreError) { _ = try await cancel(id, owner: nil, audit: nil) } catch { running.cancel(id) }
    }
}
