/// What an attempt left behind, whole or not: one row beside the attempt.
package struct AttemptOutput: Sendable, Hashable {
    /// The events in order, as the job's log encoded them.
    package var log: [UInt8]
    /// The text so far.
    package var text: String
    /// True when the provider finished.
    package var complete: Bool

    package init(log: [UInt8], text: String, complete: Bool) {
        self.log = log
        self.text = text
        self.complete = complete
    }
}
