import Glibc

/// The monotonic clock in nanoseconds, which no change of the wall clock moves.
enum Monotonic {
    static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The nanoseconds of `duration`: none for a negative one, at most a century.
    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let century: Int64 = 100 * 365 * 86_400
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0 && attoseconds >= 0 else { return 0 }
        guard seconds < century else { return UInt64(century) * 1_000_000_000 }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
