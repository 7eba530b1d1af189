import Glibc
import SluiceStore

extension Files {
    /// Puts a flushed copy of a file in its place; a file that is empty or not there stays so.
    ///
    /// After a failed flush the kernel shows bytes that the device never got, and counts them as written. What a copy was
    /// read from is what the device has once the copy is flushed; until its name is, the device has the file as it was.
    /// Written over itself, the file could lose to a power cut what it had.
    ///
    /// Nobody may have the file open.
    ///
    /// - Throws: ``StoreError``: `full` where there is no room for the copy.
    static func renew(_ path: String, in directory: String) throws(StoreError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_size > 0 else { return }
        let draft = "\(path).new"
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StoreError(cantOpen: path, errno) }
        defer { close(source) }
        let target = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw StoreError(cantOpen: draft, errno) }
        let problem = copy(source, to: target)
        close(target)
        guard problem == 0, unsafe rename(draft, path) == 0 else {
            let code = problem == 0 ? errno : problem
            unsafe unlink(draft)
            throw StoreError(
                code == ENOSPC || code == EDQUOT ? .full : .unavailable,
                "can't write \(path) anew: \(reason(code)); make room or mend the disk, and start again"
            )
        }
        flushDirectory(directory)
    }

    /// Copies all bytes and flushes them; answers the system's error, 0 for none.
    private static func copy(_ source: Int32, to target: Int32) -> Int32 {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(source, $0.baseAddress, $0.count) }
            guard count != 0 else { return fsync(target) == 0 ? 0 : errno }
            guard count > 0 else { return errno }
            var done = 0
            while done < count {
                let written = unsafe buffer.withUnsafeBytes {
                    unsafe write(target, $0.baseAddress! + done, count - done)
                }
                guard written > 0 else { return written == 0 ? EIO : errno }
                done += written
            }
        }
    }
}
