import SluiceStore
import SluiceTypes

/// Cancels jobs: in the store first, then the run and its call.
struct Canceller: Sendable {
    let store: any Store
    let running: RunningJobs
    let feed: Feed
    let time: EngineTime

    /// Cancels a job and, where it runs, closes its call.
    ///
    /// - Throws: ``StoreError``.
    func cancel(_ id: JobID, owner: OwnerID?) async throws(StoreError) -> Cancellation {
        let cancellation = try await store.cancel(id, owner: owner, at: time.now())
        if case .cancelled = cancellation {
            running.cancel(id)
            feed.notify(id)
        }
        return cancellation
    }

    /// Closes a call that nobody waits for, whatever the store says: it would only cost money.
    func close(_ id: JobID) async {
        do throws(StoreError) { _ = try await cancel(id, owner: nil) } catch { running.cancel(id) }
    }
}
