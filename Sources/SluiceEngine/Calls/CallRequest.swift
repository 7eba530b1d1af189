package import SluiceStore

/// A sync or streaming call as it enters.
package final class CallRequest: Sendable {
    /// What becomes of the call if its caller leaves before its end.
    package enum OnDisconnect: Sendable, Hashable {
        /// It is closed at once.
        case cancel
        /// It runs on for the re-attach grace, and is closed then if nobody came back for it.
        case grace
        /// It runs on.
        case `continue`
    }

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
