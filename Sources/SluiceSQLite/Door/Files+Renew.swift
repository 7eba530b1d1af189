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
        // Nothing is there any more once it has its name.
        defer { unsafe unlink(draft) }
        try copy(path, to: draft)
        guard unsafe rename(draft, path) == 0 else { throw cantRenew(path, errno) }
        flushDirectory(directory)
    }

    private static func copy(_ path: String, to draft: String) throws(StoreError) {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StoreError(cantOpen: path, errno) }
        defer { close(source) }
        let target = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw StoreError(cantOpen: draft, errno) }
        defer { close(target) }
        let problem = { code in cantRenew(path, code) }
        try read(source, problem: problem) { bytes throws(StoreError) in try write(bytes, to: target, problem: problem)
        }
        guard fsync(target) == 0 else { throw problem(errno) }
    }

    private static func cantRenew(_ path: String, _ code: Int32) -> StoreError {
        StoreError(
            code == ENOSPC || code == EDQUOT ? .full : .unavailable,
            "can't write \(path) anew: \(reason(code)); make room or mend the disk, and start again"
        )
    }
}
