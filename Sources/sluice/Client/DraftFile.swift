import Glibc

/// A file in the making, which appears under its path whole or not at all, readable by its owner alone.
///
/// That it could be made tells that it can be put there, before the one thing happens that is to be kept in it. One that
/// is given up leaves nothing behind.
struct DraftFile: ~Copyable {
    private let path: String
    private let draft: String
    private let descriptor: Int32

    /// Makes an empty draft beside `path`.
    ///
    /// - Throws: ``FileError`` where no file can be put there.
    init(for path: String) throws(FileError) {
        var facts = stat()
        guard unsafe stat(path, &facts) != 0 || facts.st_mode & S_IFMT != S_IFDIR else { throw FileError(code: EISDIR) }
        let draft = "\(path).\(getpid())"
        // One of our number is left over from a process that is gone.
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(code: errno) }
        self.path = path
        self.draft = draft
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        // Nothing is there any more once it was published.
        unsafe unlink(draft)
    }

    /// Fills the draft and puts it in the place of whatever stands at the path.
    ///
    /// - Throws: ``FileError``; what stood there is as it was.
    consuming func publish(_ bytes: [UInt8]) throws(FileError) {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw FileError(code: written < 0 ? errno : ENOSPC) }
        guard unsafe fsync(descriptor) == 0 && rename(draft, path) == 0 else { throw FileError(code: errno) }
    }
}
