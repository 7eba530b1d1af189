import Foundation
import Glibc
import SluiceStore

/// The few calls of the system that the store makes about files.
enum Files {
    /// Makes a directory that only its owner may enter; one that is there stays as it is.
    ///
    /// - Throws: ``StoreError`` when it can't be made.
    static func makePrivateDirectory(_ path: String) throws(StoreError) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        let problem = errno
        guard problem == EEXIST else {
            throw StoreError(
                .unavailable,
                "can't make the data directory \(path): \(reason(problem)); make it, or name another --data directory"
            )
        }
        guard let mode = mode(path), mode & S_IFMT == S_IFDIR else {
            throw StoreError(.unavailable, "\(path) is no directory; name another --data directory")
        }
    }

    /// Makes an empty file that only its owner may read; a file that is there is closed to others.
    ///
    /// - Throws: ``StoreError`` when it can't be made or its mode can't be set.
    static func makePrivateFile(_ path: String) throws(StoreError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError(cantOpen: path, errno) }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else { throw StoreError(cantOpen: path, errno) }
    }

    /// Flushes the names in a directory, so that a file that was made in it is found after a power loss.
    ///
    /// A directory that may not be read, or a file system that can't do it, is passed over.
    static func flushDirectory(_ path: String) {
        let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        _ = fsync(directory)
        close(directory)
    }

    static func exists(_ path: String) -> Bool { mode(path) != nil }

    /// Type and permissions; nil when there is nothing there.
    static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode : nil
    }

    /// Which file it is, on its file system; nil when there is nothing there.
    static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// How many bytes it has; nil when there is nothing there.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What is in a directory; nil for one that can't be read.
    static func names(in path: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: path)
    }

    /// Reads a file from where it stands to its end, piece by piece.
    ///
    /// - Throws: what `take` throws, and what `problem` makes of the system's error.
    static func read(
        _ file: Int32,
        problem: (Int32) -> StoreError,
        _ take: (ArraySlice<UInt8>) throws(StoreError) -> Void
    ) throws(StoreError) {
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw problem(errno) }
            guard count > 0 else { return }
            try take(bytes[..<count])
        }
    }

    /// A file that the kernel makes up while it is read, a page at a time; nil where it can't be read.
    static func systemText(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text: [UInt8] = []
        do {
            try read(file, problem: { StoreError(cantOpen: path, $0) }, { text += $0 })
        } catch {
            return nil
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes all of `bytes` where a file stands.
    ///
    /// - Throws: what `problem` makes of the system's error; some of the bytes may be written then.
    static func write(
        _ bytes: ArraySlice<UInt8>,
        to file: Int32,
        problem: (Int32) -> StoreError
    ) throws(StoreError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw problem(written < 0 ? errno : ENOSPC) }
            rest = rest.dropFirst(written)
        }
    }

    static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

extension StoreError {
    init(cantOpen path: String, _ code: Int32) {
        self.init(
            .unavailable,
            "can't open \(path): \(Files.reason(code)); mend that, or name another --data directory"
        )
    }
}
