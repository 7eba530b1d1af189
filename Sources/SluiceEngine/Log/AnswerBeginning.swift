import SluiceTypes

/// Whether a stream has begun for whoever reads it: a plain value that decides and does nothing.
///
/// What comes before the content (whose the answer is, an empty text, a ping) is held back, since the next member may still answer
/// in this one's place; up to a bound, so that nothing is held back for good. A stream whose model has finished without content has
/// begun as well: nobody else will be asked.
package struct AnswerBeginning: Sendable {
    /// The most that is held back, in bytes.
    static let most = 16 << 10
    /// What an event counts at most, in bytes.
    ///
    /// The first events of a response repeat what was asked, instructions and tools, and are as long as that: it is their number that
    /// is bounded.
    static let mostOfEvent = 1 << 10

    private var held = 0
    /// True from the first content on.
    package private(set) var isBegun = false

    package init() {}

    /// Takes an entry of the log.
    package mutating func note(_ entry: LogEntry) {
        note(entry.kind, entry.stage, entry.payload.count)
    }

    mutating func note(_ kind: LogEntry.Kind, _ stage: LogEntry.Stage, _ length: Int) {
        guard !isBegun else { return }
        switch kind {
        case .upstream:
            held += min(length, AnswerBeginning.mostOfEvent)
            isBegun = stage != .preamble || held > AnswerBeginning.most || !Promise.preambleHeldBack.holds
        // What closes an answer without content may be its terminal event alone, which counts only behind a finish.
        case .finish: isBegun = true
        case .start, .text, .usage, .terminal, .error: break
        }
    }
}
