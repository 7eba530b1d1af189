import Glibc
import SluiceStore

/// A database file that is not a serving store's own: a backup, or what somebody takes for one.
struct StoreFile: Sendable {
    let path: String

    /// What stands in the first bytes of every database (https://www.sqlite.org/fileformat.html).
    struct Header: Sendable {
        var applicationID: Int64
        var version: Int64
        /// True for one that was written with a WAL, which a store is and a backup is not.
        var usesWAL: Bool

        init?(_ bytes: [UInt8]) {
            guard bytes.count == 100, bytes.starts(with: "SQLite format 3\u{0}".utf8) else { return nil }
            let number = { (place: Int) in bytes[place..<(place + 4)].reduce(Int64(0)) { $0 << 8 | Int64($1) } }
            applicationID = number(68)
            version = number(60)
            usesWAL = bytes[18] == 2 || bytes[19] == 2
        }
    }

    /// Keeps a server out while a file in a data directory is read; nil where it is no such file.
    ///
    /// - Throws: ``StoreError`` when a server has the file open, or when it is not all that there is of its database.
    func claim() throws(StoreError) -> StoreLock? {
        guard let mode = Files.mode(path) else {
            throw StoreError(.refused, "there is no file \(path); name a file that `sluice backup` made")
        }
        guard mode & S_IFMT == S_IFREG else {
            throw StoreError(.refused, "\(path) is no file; name a file that `sluice backup` made")
        }
        var lock: StoreLock?
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        if path == "sluice.db" || path.hasSuffix("/sluice.db"), Files.exists("\(directory)/lock") {
            do {
                lock = try StoreLock.take(in: directory)
            } catch {
                guard error.code == .locked else { throw error }
                throw StoreError(.locked, "a server has \(path) open; copy it with `sluice backup`, and use that copy")
            }
        }
        for log in ["\(path)-wal", "\(path)-journal"] where Files.exists(log) {
            lock?.release()
            throw StoreError(
                .refused,
                "\(path) was copied from under a server, or is a store that was not stopped in order: \(log) stands beside "
                    + "it, and a part of it may be missing; name a file that `sluice backup` made"
            )
        }
        return lock
    }

    /// - Throws: ``StoreError`` for a file that is not ours, or of another version than `version`.
    func header(version: Int64) throws(StoreError) -> Header {
        guard let header = Header(try firstBytes()) else {
            throw StoreError(.schema, "\(path) is no database; name a file that `sluice backup` made")
        }
        guard header.applicationID == Schema.applicationID else {
            throw StoreError(.schema, "\(path) belongs to another program; name a file that `sluice backup` made")
        }
        guard header.version == version else {
            throw StoreError(.schema, "\(path): \(Schema.otherVersion(header.version))")
        }
        return header
    }

    private func firstBytes() throws(StoreError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw cantRead(errno) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw cantRead(errno) }
        return Array(bytes.prefix(count))
    }

    func cantRead(_ code: Int32) -> StoreError {
        StoreError(.refused, "\(path) can't be read: \(Files.reason(code)); mend that and try again")
    }
}
