/// The pauses before the next try.
enum Backoff {
    /// `first`, doubled so many times, up to a minute or `first` itself.
    static func doubled(_ first: Duration, times: Int) -> Duration {
        min(first * (1 << min(times, 10)), max(first, .seconds(60)))
    }

    /// Drawn between half and the whole, so that jobs that failed together don't come back together, and none at once.
    static func pause(atMost limit: Duration) -> Duration {
        limit * Double.random(in: 0.5...1)
    }
}
