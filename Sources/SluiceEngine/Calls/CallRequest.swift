package import SluiceStore

/// A sync or streaming call as it enters.
package final class CallRequest: Sendable {
    package let job: NewJob
    /// True to commit the job before anything is sent: for a caller who may come back for it.
    package let commitsFirst: Bool
    package let onDisconnect: OnDisconnect
    /// Where the call's task runs; nil for Swift's own threads.
    package let executor: (any TaskExecutor)?

    package init(job: NewJob, commitsFirst: Bool, onDisconnect: OnDisconnect, executor: (any TaskExecutor)? = nil) {
        self.job = job
        self.commitsFirst = commitsFirst
        self.onDisconnect = onDisconnect
        self.executor = executor
    }
}

/// What the desk says to a call.
package enum CallOpening: Sendable {
    case live(LiveCall)
    /// Every row that serves the model is full, and stayed so for as long as a call may wait.
    case full
    /// No row takes calls now.
    case closed(Hold)
    /// The store has fallen behind: answers wait for it, as many as may be held.
    case behind
    /// The caller has gone, or its task was cancelled.
    case abandoned
}
