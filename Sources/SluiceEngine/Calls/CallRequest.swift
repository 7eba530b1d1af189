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

    /// A conversation.
    package struct Session: Sendable {
        /// By which it is found again; see ``SessionNumber``.
        package let number: UInt64
        /// Whether its caller has named it; one without a name is known by how it begins.
        package let isNamed: Bool

        package init(number: UInt64, isNamed: Bool) {
            self.number = number
            self.isNamed = isNamed
        }
    }

    package let job: NewJob
    /// True to commit the job before anything is sent: for a caller who may come back for it.
    package let commitsFirst: Bool
    package let onDisconnect: OnDisconnect
    /// By what its caller finds it again.
    package let key: CallKey
    /// The caller's conversation, which goes where it went before; nil for none.
    package let session: Session?
    /// Where the call's task runs; nil for Swift's own threads.
    package let executor: (any TaskExecutor)?

    package init(
        job: NewJob,
        commitsFirst: Bool,
        onDisconnect: OnDisconnect,
        agent: [UInt8]? = nil,
        session: Session? = nil,
        executor: (any TaskExecutor)? = nil
    ) {
        self.job = job
        self.commitsFirst = commitsFirst
        self.onDisconnect = onDisconnect
        key = CallKey(job.fingerprint, agent: agent)
        self.session = session
        self.executor = executor
    }
}
