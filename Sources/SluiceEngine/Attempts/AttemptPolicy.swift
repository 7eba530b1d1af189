/// What is different between a job from the queue and a call whose caller waits for it: all else is one way.
struct AttemptPolicy: Sendable {
    /// How often a job may be claimed.
    enum Claims: Sendable {
        /// Again and again: what has to be waited for is waited for in the queue.
        case many
        /// Once: it ends with its claim, since its caller waits. Whoever has no place at a row has waited before.
        case one
    }

    /// When the job and its first attempt are committed.
    enum Commit: Sendable {
        /// With the claim, before it is run.
        case claim
        /// First, and then the request goes out: for a caller who may come back for it.
        case first
        /// While the request goes out, since a commit takes longer than a connection.
        case beside
    }

    let claims: Claims
    let commit: Commit
    /// The caller's conversation, which goes where it went before; nil for none.
    var session: UInt64?
    /// Until which uptime a call may wait for the end of a window; nil for a job from the queue, which waits there.
    var patienceEnd: Duration?

    /// For a job from the queue.
    static let queued = AttemptPolicy(claims: .many, commit: .claim)

    /// For a call.
    static func call(commit: Commit, session: UInt64? = nil, patienceEnd: Duration? = nil) -> AttemptPolicy {
        AttemptPolicy(claims: .one, commit: commit, session: session, patienceEnd: patienceEnd)
    }
}
