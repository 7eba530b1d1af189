import Glibc

/// What the disk itself gives: small writes, each followed by `fdatasync`.
package struct DiskProbe: Sendable {
    /// Where the writes go.
    package enum Way: Sendable, CaseIterable {
        /// The file grows with every write, so that its length is flushed as well.
        case append
        /// The file has its length already, as a write-ahead log has that is used again.
        case overwrite
    }

    private static let page = 4_096
    private static let span = 8 << 20

    private let directory: String

    package init(directory: String) {
        self.directory = directory
    }

    /// - Returns: Flushed writes of 4 KiB per second, from one thread.
    /// - Throws: `BenchFault` when the file can't be written.
    package func rate(_ way: Way, seconds: Double) throws(BenchFault) -> Double {
        let path = "\(directory)/disk-probe"
        let file = unsafe open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("creating \(path)") }
        defer {
            close(file)
            unsafe unlink(path)
        }
        if way == .overwrite { try fill(file) }
        return try measure(file, way, seconds)
    }

    private func fill(_ file: Int32) throws(BenchFault) {
        let bytes = [UInt8](repeating: 0x5a, count: Self.span)
        guard unsafe pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            throw .system("writing the probe's file")
        }
        guard fsync(file) == 0 else { throw .system("fsync") }
    }

    private func measure(_ file: Int32, _ way: Way, _ seconds: Double) throws(BenchFault) -> Double {
        let page = [UInt8](repeating: 0xa5, count: Self.page)
        let start = Nanoseconds.now()
        let end = start + UInt64(seconds * 1e9)
        var count = 0
        var now = start
        while now < end {
            let offset = way == .append ? count * Self.page : count * Self.page % Self.span
            guard unsafe pwrite(file, page, page.count, off_t(offset)) == page.count else {
                throw .system("writing the probe's file")
            }
            guard fdatasync(file) == 0 else { throw .system("fdatasync") }
            count += 1
            now = Nanoseconds.now()
        }
        return Double(count) / (Double(now - start) / 1e9)
    }
}
