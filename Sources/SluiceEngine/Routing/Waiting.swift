package import SluiceTypes

/// Why a queued job is not running, and when it will be tried at the earliest.
package struct Waiting: Sendable, Hashable {
    /// One clause for the caller; nil when it merely waits for its turn or its time.
    package var reason: String?
    /// The same for operators: it may name variables and files.
    package var detail: String?
    package var nextAttemptAt: Timestamp?

    package init(reason: String?, detail: String? = nil, nextAttemptAt: Timestamp?) {
        self.reason = reason
        self.detail = detail ?? reason
        self.nextAttemptAt = nextAttemptAt
    }
}

extension Waiting {
    /// The same with the reason as operators see it.
    package var forOperators: Waiting { Waiting(reason: detail, nextAttemptAt: nextAttemptAt) }
}
