package import SluiceTypes

/// What a cancellation came to.
package enum Cancellation: Sendable, Hashable {
    /// It is cancelled; `wasRunning` tells that an attempt may be on its way.
    case cancelled(wasRunning: Bool)
    /// It had ended before.
    case ended(JobState)
    case notFound
}
