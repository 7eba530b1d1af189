import Glibc

/// Small files, whole.
enum File {
    /// The bytes of a file.
    ///
    /// - Throws: ``FileError``.
    static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(code: errno) }
        defer { close(descriptor) }
        return try readAll(descriptor)
    }

    /// The bytes of an open file up to its end.
    ///
    /// - Throws: ``FileError``.
    static func readAll(_ descriptor: Int32) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw FileError(code: errno)
            }
        }
    }
}

/// The system's reason for refusing a file.
struct FileError: Error, Hashable, CustomStringConvertible {
    var code: Int32

    var description: String { unsafe String(cString: strerror(code)) }
}
