/// The pauses before the next try.
enum Backoff {
    static let longest = Duration.seconds(600)

    /// `first`, doubled so many times, up to `longest` or `first` itself.
    static func doubled(_ first: Duration, times: Int, atMost longest: Duration) -> Duration {
        min(first * (1 << min(times, 10)), max(first, longest))
    }

    /// Drawn between half and the whole, so that jobs that failed together don't come back together, and none at once.
    static func pause(atMost limit: Duration) -> Duration {
        limit * Double.random(in: 0.5...1)
    }
}
