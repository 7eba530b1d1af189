import Glibc
import SluiceStore
import SluiceTypes
import Synchronization

/// Keeps every other process out of a data directory: by a file of its own, and by the database, since a lock's file is easily
/// deleted.
///
/// The kernel ends it with the process, however that ends; the file stays. `O_CLOEXEC` keeps it from living on in a
/// child.
final class StoreLock: Sendable {
    private let files: Mutex<[HeldFile]>

    private init(_ held: [HeldFile]) {
        files = Mutex(held)
    }

    deinit { release() }

    /// Takes the lock of `directory` and leaves our process id in its file.
    ///
    /// - Throws: ``StoreError``, `locked` when another one holds it.
    static func take(in directory: String) throws(StoreError) -> StoreLock {
        let path = "\(directory)/lock"
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError(cantOpen: path, errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 || !Promise.storeLock.holds else {
            let problem = errno
            let holder = readProcess(file)
            close(file)
            guard problem == EWOULDBLOCK else { throw StoreError(cantOpen: path, problem) }
            throw StoreError(
                .locked,
                "another sluice (pid \(holder)) has \(directory) open; stop it, or name another --data directory"
            )
        }
        let lock = StoreLock([try HeldFile(file, at: path)])
        guard fchmod(file, 0o600) == 0, writeProcess(file) else { throw StoreError(cantOpen: path, errno) }
        return lock
    }

    /// Keeps servers out of a directory in which nothing may be written, as others who only read it may do at the same time.
    ///
    /// Nil where it holds no database.
    ///
    /// - Throws: ``StoreError``, `locked` when a server has it.
    static func share(in directory: String, database path: String) throws(StoreError) -> StoreLock? {
        let lock = StoreLock([])
        for file in ["\(directory)/lock", path] {
            let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let problem = errno
                // A lock that was deleted, or may not be read, is not missed where the database itself is held.
                if file != path { continue }
                guard problem == ENOENT else { throw StoreError(cantOpen: file, problem) }
                return nil
            }
            lock.files.withLock { [held = try HeldFile(descriptor, at: file)] in $0.append(held) }
            guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 || !Promise.storeLock.holds else {
                throw StoreError(
                    .locked,
                    "a server has \(directory) open; run this where the server's own files are, or stop it"
                )
            }
        }
        return lock
    }

    /// Holds the database as well, beside SQLite's own locks: those are of another kind, and there only while it writes.
    ///
    /// SQLite must not have it open yet, and must have closed it by the release: the system ends all of SQLite's locks on a file
    /// with any closing of it. A database that is no file of the system's own is left alone.
    ///
    /// - Throws: ``StoreError``, `locked` when another one holds it.
    func hold(database path: String, in directory: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || !Promise.storeLock.holds else {
            close(descriptor)
            throw StoreError(
                .locked,
                "another sluice has the database in \(directory) open, though not its lock: that file was deleted; stop it, or name "
                    + "another --data directory"
            )
        }
        let held = try HeldFile(descriptor, at: path)
        files.withLock { $0.append(held) }
    }

    /// The path of a file that is held and not where it was; nil while all are.
    var lost: String? { files.withLock { files in files.lazy.compactMap(\.lost).first } }

    /// Lets others in.
    ///
    /// Repeating it changes nothing.
    func release() {
        let held = files.withLock { files in
            defer { files = [] }
            return files
        }
        for file in held { close(file.descriptor) }
    }

    private static func writeProcess(_ file: Int32) -> Bool {
        let text = Array("\(getpid())\n".utf8)
        return unsafe text.withUnsafeBytes { bytes in
            unsafe ftruncate(file, 0) == 0 && pwrite(file, bytes.baseAddress, bytes.count, 0) == bytes.count
        }
    }

    private static func readProcess(_ file: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = unsafe text.withUnsafeMutableBytes { bytes in
            unsafe pread(file, bytes.baseAddress, bytes.count, 0)
        }
        let digits = text.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}
