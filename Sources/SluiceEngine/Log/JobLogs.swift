import SluiceStore
import SluiceTypes
import Synchronization

/// Finds the logs of jobs: those that grow here, and those that are stored.
///
/// A stored log is read once for all who read it at the same time.
final class JobLogs: Sendable {
    private struct Name: Hashable {
        var job: JobID
        var epoch: Int64
    }

    private struct Lent {
        weak let log: JobLog?
    }

    let store: any Store
    let feed: Feed
    let looks: SharedLooks
    let time: EngineTime
    private let running: RunningJobs
    private let memory: HeldMemory
    private let lent = Mutex<[Name: Lent]>([:])

    init(
        store: any Store,
        running: RunningJobs,
        feed: Feed,
        looks: SharedLooks,
        memory: HeldMemory,
        time: EngineTime
    ) {
        self.store = store
        self.running = running
        self.feed = feed
        self.looks = looks
        self.memory = memory
        self.time = time
    }

    /// The log of the attempt with this epoch, where it runs here.
    func live(_ id: JobID, epoch: Int64) -> JobLog? {
        running.log(of: id).flatMap { $0.epoch == epoch ? $0 : nil }
    }

    /// A stored log that somebody reads already.
    func lent(_ id: JobID, epoch: Int64) -> JobLog? {
        lent.withLock { $0[Name(job: id, epoch: epoch)]?.log }
    }

    /// The log that was read from the store; the same for all who have read it meanwhile.
    ///
    /// Nil for one that another version wrote.
    func lend(_ stored: StoredLog, of id: JobID, epoch: Int64) -> JobLog? {
        guard LogFormat.canRead(stored.bytes) else { return nil }
        return lent.withLock { lent in
            let name = Name(job: id, epoch: epoch)
            if let log = lent[name]?.log { return log }
            lent = lent.filter { $0.value.log != nil }
            let log = JobLog(epoch: epoch, stored: stored.bytes, memory: memory)
            lent[name] = Lent(log: log)
            return log
        }
    }
}
