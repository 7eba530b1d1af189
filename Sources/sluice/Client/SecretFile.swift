import Glibc

/// A file that holds one secret.
enum SecretFile {
    /// Its text, without the line break at its end.
    ///
    /// - Throws: ``Failure`` for one that others may read, that can't be read, or that is no UTF-8 text.
    static func text(_ path: String) throws(Failure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("\(path) can't be read (\(FileError(code: errno))).") }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & 0o077 == 0 else {
            throw Failure("Others may read \(path): run chmod 600 on it, and take another token if somebody has.")
        }
        var bytes: [UInt8]
        do { bytes = try File.readAll(descriptor) } catch { throw Failure("\(path) can't be read (\(error)).") }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure("\(path) is no text.") }
        return text
    }
}
