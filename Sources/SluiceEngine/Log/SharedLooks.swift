import SluiceStore
import SluiceTypes
import Synchronization

/// Looks into the store for those who wait for a job without knowing where it runs: one read a second serves all of them.
final class SharedLooks: Sendable {
    /// How a job stands, or why nobody can tell.
    typealias Look = Result<JobProgress?, StoreError>

    private struct Name: Hashable {
        let job: JobID
        let owner: OwnerID?
        let withLog: Bool
    }

    private struct Shared {
        let begunAt: Duration
        let task: Task<Look, Never>
    }

    private let looks = Mutex<[Name: Shared]>([:])
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
    /// - Throws: ``StoreError``.
    func look(at id: JobID, owner: OwnerID?, withLog: Bool) async throws(StoreError) -> JobProgress? {
        let name = Name(job: id, owner: owner, withLog: withLog)
        let now = time.uptime()
        let shared = looks.withLock { looks in
            if let shared = looks[name], now - shared.begunAt < SharedLooks.pause { return shared }
            looks = looks.filter { now - $0.value.begunAt < SharedLooks.pause }
            // Not a child of whoever asks first: others wait for it as well.
            let task = Task { [store] () -> Look in
                do throws(StoreError) {
                    return .success(try await store.progress(id, owner: owner, withLog: withLog))
                } catch {
                    return .failure(error)
                }
            }
            let shared = Shared(begunAt: now, task: task)
            looks[name] = shared
            return shared
        }
        return try await shared.task.value.get()
    }

    /// The job may have changed: what was seen of it serves nobody any more.
    func forget(_ id: JobID) {
        looks.withLock { looks in
            guard !looks.isEmpty else { return }
            looks = looks.filter { $0.key.job != id }
        }
    }
}
