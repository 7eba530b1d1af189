package import SluiceTypes

/// How far a job has come: its state, its newest attempt, and what that attempt left behind.
package struct JobProgress: Sendable, Hashable {
    package var state: JobState
    /// Nil before the first claim.
    package var attempt: AttemptRecord?
    /// What the newest attempt left behind; nil while it runs, where it left nothing, and where it was not asked for.
    package var log: StoredLog?

    package init(state: JobState, attempt: AttemptRecord?, log: StoredLog?) {
        self.state = state
        self.attempt = attempt
        self.log = log
    }
}

/// An attempt's events as the job's log encoded them; see ``AttemptOutput``.
package struct StoredLog: Sendable, Hashable {
    package var bytes: [UInt8]
    /// True when the provider finished.
    package var isComplete: Bool

    package init(bytes: [UInt8], isComplete: Bool) {
        self.bytes = bytes
        self.isComplete = isComplete
    }
}
