import Glibc

/// How long a disk takes to have four kilobytes for sure, tried out.
struct FlushTrial {
    /// Half of the flushes were as fast; nil where the disk refused one.
    let median: Duration?
    /// Why it refused.
    let refusal: String?

    private static let most = 50
    private static let longest = Duration.seconds(1)

    /// Writes and flushes a file of its own in a directory, and takes it away.
    static func run(in directory: String) -> FlushTrial {
        let path = "\(directory)/doctor.\(getpid())"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return FlushTrial(median: nil, refusal: FileError(code: errno).description) }
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        let block = [UInt8](repeating: 0x53, count: 4096)
        let start = ContinuousClock.now
        var times: [Duration] = []
        while times.count < most, start.duration(to: .now) < longest {
            let began = ContinuousClock.now
            let written = unsafe block.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
            guard written == block.count, fdatasync(descriptor) == 0 else {
                return FlushTrial(median: nil, refusal: FileError(code: errno).description)
            }
            times.append(began.duration(to: .now))
        }
        return FlushTrial(median: times.sorted()[times.count / 2], refusal: nil)
    }
}
