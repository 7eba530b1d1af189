import SluiceTypes

/// Decides whether the reader of a stream keeps up.
///
/// It is told how things stand; it has no clock of its own.
struct ReaderWatch {
    enum Verdict: Equatable {
        case keepsUp
        /// It has taken nothing for too long.
        case stalls
        /// Its log has run away from it.
        case fallsBehind
    }

    private let limits: StreamLimits
    /// The fewest bytes that it has been behind its log: who begins late has something to catch up on.
    private var least = Int.max
    /// The bytes that wait for it in the connection, and since when they have been as many.
    private var waiting: (bytes: Int, since: Duration)?

    init(_ limits: StreamLimits) {
        self.limits = limits
    }

    /// Notes how far it is behind before it is given more.
    mutating func note(behind: Int) {
        least = min(least, behind)
    }

    /// Another log begins.
    mutating func startAnew() {
        least = .max
    }

    /// Looks at a reader that there is something for and that does not take it.
    mutating func look(behind: Int, waiting bytes: Int, at now: Duration) -> Verdict {
        note(behind: behind)
        guard Promise.slowReaderCut.holds else { return .keepsUp }
        if behind > mostBehind { return .fallsBehind }
        guard let waiting, waiting.bytes == bytes else {
            waiting = (bytes, now)
            return .keepsUp
        }
        return now - waiting.since >= limits.stallTime ? .stalls : .keepsUp
    }

    /// How far it may fall behind.
    var mostBehind: Int {
        least.addingReportingOverflow(limits.bytesBehind).overflow ? .max : least + limits.bytesBehind
    }

    /// When to look again: often enough to know since when nothing was taken.
    func nextLook(after now: Duration) -> Duration {
        now + limits.stallTime / 6
    }
}
