package import SluiceTypes

/// When an idempotency key is handed on to a new job that asks the same.
package enum KeyHandover {
    /// Whether the job that a key stands for lets it go: it ended without an answer, and surely cost nothing.
    ///
    /// While it waits, runs, has succeeded or may have been charged, the key stands for it.
    package static func letsGo(_ state: JobState, possiblyCharged: Bool) -> Bool {
        switch state {
        case .queued, .running, .succeeded: false
        case .dead, .cancelled: !possiblyCharged || !Promise.chargedKeyStays.holds
        }
    }

    /// Whether a dead job may be redriven: one whose key was handed on stays dead, since another job asks the same.
    package static func mayRedrive(supersededBy: JobID?) -> Bool {
        supersededBy == nil || !Promise.supersededStaysDead.holds
    }
}
