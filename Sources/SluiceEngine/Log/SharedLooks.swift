import SluiceStore
import SluiceTypes
import Synchronization

/// Looks into the store for those who wait for a job without knowing where it runs: one read a second serves all of them.
final class SharedLooks: Sendable {
    /// How a job stands, or why nobody can tell.
    typealias Look = Result<JobProgress?, StoreError>

    /// What of a job is looked at.
    private struct View: Hashable {
        let owner: OwnerID?
        let withLog: Bool
    }

    private struct Shared {
        let begunAt: Duration
        let task: Task<Look, Never>
    }

    /// By job, so that one job's change costs the same however many others are waited for.
    private let looks = Mutex<[JobID: [View: Shared]]>([:])
    private let store: any JobReader
    private let time: EngineTime
    /// For how long a look serves others, and how often those who wait look.
    static let pause = Duration.seconds(1)

    init(store: any JobReader, time: EngineTime) {
        self.store = store
        self.time = time
    }

    /// How the job stands, by a look that began less than a second ago and after the last ``forget(_:)``, or by a new one.
    ///
    /// For those who are subscribed to the job: what was seen is kept until the last of them has left.
    ///
    /// - Throws: ``StoreError``.
    func look(at id: JobID, owner: OwnerID?, withLog: Bool) async throws(StoreError) -> JobProgress? {
        let view = View(owner: owner, withLog: withLog)
        let now = time.uptime()
        let shared = looks.withLock { looks in
            if let shared = looks[id]?[view], now - shared.begunAt < SharedLooks.pause { return shared }
            // Not a child of whoever asks first: others wait for it as well.
            let task = Task { [store] () -> Look in
                do throws(StoreError) {
                    return .success(try await store.progress(id, owner: owner, withLog: withLog))
                } catch {
                    return .failure(error)
                }
            }
            let shared = Shared(begunAt: now, task: task)
            looks[id, default: [:]][view] = shared
            return shared
        }
        return try await shared.task.value.get()
    }

    /// The job may have changed: what was seen of it serves nobody any more.
    func forget(_ id: JobID) {
        looks.withLock { $0[id] = nil }
    }
}
