/// How one attempt ended.
public enum AttemptOutcome: String, Sendable, CaseIterable {
    /// The provider's answer is the job's result.
    case ok
    /// The provider, or the way to it, failed.
    case failed
    /// The answer came after the job had moved on; it changed nothing.
    case late
    /// The request was sent and nobody can tell whether it was carried out.
    case unknown
    /// Given back before anything was sent.
    case released
    /// The provider asked for patience; nothing was charged to the job.
    case deferred
    /// The caller or an operator called it off.
    case cancelled
    /// The gateway died while it ran.
    case interrupted

    /// True when the provider may have billed a call that is not the job's result.
    public var isPossiblyCharged: Bool {
        switch self {
        case .late, .unknown, .cancelled, .interrupted: true
        case .ok, .failed, .released, .deferred: false
        }
    }
}
