/// So many of something a minute: what is taken comes back evenly over the next minute.
///
/// Times are those of a clock that never jumps.
public struct TokenBucket: Hashable, Sendable {
    /// How many a minute, and at once.
    public let size: Int64
    /// What is there to be taken at ``at``, in millionths; less than nothing while more was used than was asked for.
    private var level: Int128
    private var at: Duration

    private static let parts: Int128 = 1_000_000
    private static let minute: Int128 = 60_000_000_000

    /// Takes the size; `used` were taken within the last minute.
    public init(_ size: Int64, used: Int64 = 0, at uptime: Duration) {
        self.size = max(size, 0)
        level = Int128(max(self.size - max(used, 0), -self.size)) * TokenBucket.parts
        at = uptime
    }

    private func level(at uptime: Duration) -> Int128 {
        let passed = max(.zero, uptime - at)
        let nanoseconds =
            Int128(passed.components.seconds) * 1_000_000_000 + Int128(passed.components.attoseconds / 1_000_000_000)
        let most = Int128(size) * TokenBucket.parts
        return min(most, level + most * min(nanoseconds, 2 * TokenBucket.minute) / TokenBucket.minute)
    }

    /// How many whole ones are there; 0 while there are less than none.
    public func left(at uptime: Duration) -> Int64 {
        Int64(max(0, level(at: uptime)) / TokenBucket.parts)
    }

    /// How long until so many are there: zero where they are, nil where that never comes.
    public func wait(for count: Int64, at uptime: Duration) -> Duration? {
        guard count <= size else { return nil }
        return wait(until: Int128(count) * TokenBucket.parts, at: uptime)
    }

    /// How long until all are there.
    public func reset(at uptime: Duration) -> Duration {
        wait(until: Int128(size) * TokenBucket.parts, at: uptime)
    }

    private func wait(until level: Int128, at uptime: Duration) -> Duration {
        let missing = level - self.level(at: uptime)
        guard missing > 0, size > 0 else { return .zero }
        let whole = Int128(size) * TokenBucket.parts
        let nanoseconds = (missing * TokenBucket.minute + whole - 1) / whole
        return .nanoseconds(Int64(clamping: nanoseconds))
    }

    /// Takes so many, whether they are there or not, or gives some back; no more than a minute's worth is owed.
    public mutating func take(_ count: Int64, at uptime: Duration) {
        let most = Int128(size) * TokenBucket.parts
        level = min(most, max(-most, level(at: uptime) - Int128(count) * TokenBucket.parts))
        at = max(at, uptime)
    }

    /// The same of another size: what was used stays so.
    public func resized(to size: Int64, at uptime: Duration) -> TokenBucket {
        let used = Int128(self.size) * TokenBucket.parts - level(at: uptime)
        return TokenBucket(size, used: Int64(clamping: used / TokenBucket.parts), at: uptime)
    }
}
