package import Glibc

/// Clocks read as plain nanoseconds, cheap enough to be read for every request.
package enum Nanoseconds {
    /// The monotonic clock.
    package static func now() -> UInt64 {
        read(CLOCK_MONOTONIC) ?? 0
    }

    /// User and system time of a living process, all its threads together; nil when there is no such process.
    package static func cpu(of process: pid_t) -> UInt64? {
        var clock = clockid_t()
        guard unsafe clock_getcpuclockid(process, &clock) == 0 else { return nil }
        return read(clock)
    }

    private static func read(_ clock: clockid_t) -> UInt64? {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Waits where there is nothing to wait on but time: another process that starts or ends.
package func pause(milliseconds: UInt32) {
    usleep(milliseconds * 1_000)
}
