import Glibc
import SluiceStore
import SluiceTypes
import Synchronization

/// Keeps every other process out of a data directory.
///
/// The kernel ends it with the process, however that ends; the file stays. `O_CLOEXEC` keeps it from living on in a
/// child.
final class StoreLock: Sendable {
    private let file: Mutex<Int32?>

    private init(file: Int32) {
        self.file = Mutex(file)
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
        let lock = StoreLock(file: file)
        guard fchmod(file, 0o600) == 0, writeProcess(file) else { throw StoreError(cantOpen: path, errno) }
        return lock
    }

    /// Lets others in.
    ///
    /// Repeating it changes nothing.
    func release() {
        let held = file.withLock { file in
            defer { file = nil }
            return file
        }
        if let held { close(held) }
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
