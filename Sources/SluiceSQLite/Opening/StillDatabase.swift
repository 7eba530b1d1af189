import GRDB
import Glibc
import SluiceStore
import SluiceTypes

/// The database of a directory in which nothing may be written: on a file system that is mounted read-only, or another user's.
///
/// SQLite makes files beside a database even to read it, or changes them. Here it must not: the lock that is held meanwhile keeps every
/// server out, so the files stand still.
struct StillDatabase: Sendable {
    let path: String
    /// Whether a part of the store stands in the WAL alone, as the last server was not stopped in order.
    let hasWAL: Bool

    /// Looks at the database at `path`, whose lock is held.
    init(path: String) {
        self.path = path
        hasWAL = (Files.size("\(path)-wal") ?? 0) > 0
    }

    /// Whether a directory may not be written, though it may be read.
    static func isStill(_ directory: String) -> Bool {
        guard Files.exists(directory) else { return false }
        return unsafe access(directory, W_OK | X_OK) != 0
    }

    /// What SQLite is told in the place of a path.
    ///
    /// A file that is immutable is read as it is, without a look at its WAL (https://www.sqlite.org/uri.html). Where there is one, it is
    /// read with an index in memory, which SQLite has for those who lock out all others; it can't lock a file that it may not write, so
    /// that locking is left to us.
    var name: String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).map {
            PercentEncoding.encode(String($0))
        }
        let scheme = path.hasPrefix("/") ? "file://" : "file:"
        return "\(scheme)\(segments.joined(separator: "/"))?mode=ro&\(hasWAL ? "vfs=unix-none" : "immutable=1")"
    }

    /// Opens it as `configuration` says.
    ///
    /// - Throws: ``StoreError`` where it can't be read so.
    func open(_ configuration: (_ beginning: String?) -> Configuration) throws(StoreError) -> DatabaseQueue {
        do {
            return try DatabaseQueue(
                path: name,
                configuration: configuration(hasWAL ? "PRAGMA locking_mode = EXCLUSIVE" : nil)
            )
        } catch {
            throw StoreError(
                .unavailable,
                "\(path) can't be read where nothing may be written (\(StoreError(error).message)); copy its directory to a "
                    + "place of your own, and name that with --data"
            )
        }
    }
}
