import SluiceStore
import Synchronization

/// The backups under way, and how far they have come.
final class Backups: Sendable {
    private let state = Mutex<[String: BackupProgress]>([:])

    var current: [(path: String, progress: BackupProgress)] {
        state.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.path < $1.path }
    }

    func note(_ progress: BackupProgress, _ path: String) {
        state.withLock { $0[path] = progress }
    }

    func end(_ path: String) {
        state.withLock { $0[path] = nil }
    }
}
