import SluiceTypes

/// Whether a stream has begun for whoever reads it: a plain value that decides and does nothing.
///
/// What comes before the content (whose the answer is, an empty text, a ping) is held back, since the next member may still answer
/// in this one's place; up to a bound, so that nothing is held back for good.
package struct AnswerBeginning: Sendable {
    /// The most bytes that are held back.
    static let most = 16 << 10

    private var held = 0
    /// True from the first content on.
    package private(set) var isBegun = false

    package init() {}

    /// Takes an entry of the log.
    package mutating func note(_ entry: LogEntry) {
        note(entry.kind, entry.stage, entry.payload.count)
    }

    mutating func note(_ kind: LogEntry.Kind, _ stage: LogEntry.Stage, _ length: Int) {
        guard !isBegun, kind == .upstream else { return }
        held += length
        isBegun = stage != .preamble || held > AnswerBeginning.most || !Promise.preambleHeldBack.holds
    }
}
