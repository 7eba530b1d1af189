import SluiceTypes

/// How much of one attempt's answer its reader may have: nothing before its content, and what closes it only once its job has
/// succeeded.
///
/// A plain value that decides and does nothing. Callers take a finish for success, so the first entry by which the answer ends is held
/// back, and all behind it. What is held back stays in the log, and is read there again when it may be told.
package struct AnswerTelling: Sendable {
    private let log: JobLog
    private var beginning = AnswerBeginning()
    /// How far the log was told.
    private var told = LogFormat.start
    private var isEnding = false

    /// Begins to tell what the attempt with this log answers.
    package init(of log: JobLog) {
        self.log = log
    }

    /// True once something was told.
    package var hasBegun: Bool { told > LogFormat.start }

    /// What is to be told now that the reader has come to `piece`, the next of the log; nil for nothing yet.
    package mutating func take(_ piece: LogPiece) -> LogPiece? {
        guard !isEnding else { return nil }
        var end = piece.start
        for entry in LogEntries(piece) {
            beginning.note(entry)
            isEnding = AnswerTelling.isHeld(entry)
            if isEnding { break }
            end = entry.end
        }
        guard beginning.isBegun, end > told else { return nil }
        let start = told
        told = end
        if start == piece.start, end == piece.end { return piece }
        let bytes = held(from: start, to: piece.start) + piece.bytes.prefix(end - piece.start)
        return LogPiece(bytes: bytes, start: start)
    }

    /// The next of what is held back, for a reader whose job has succeeded; nil when all was told.
    package mutating func rest() -> LogPiece? {
        guard let piece = log.piece(from: told), !piece.isEmpty else { return nil }
        told = piece.end
        return piece
    }

    /// Whether an entry says that the answer is whole.
    private static func isHeld(_ entry: LogEntry) -> Bool {
        guard Promise.doneAfterCommit.holds else { return false }
        return entry.kind == .terminal || entry.stage == .ending && Promise.finishAfterCommit.holds
    }

    /// What came before the content.
    private func held(from start: Int, to end: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while start + bytes.count < end, let piece = log.piece(from: start + bytes.count), !piece.isEmpty {
            bytes += piece.bytes.prefix(end - piece.start)
        }
        return bytes
    }
}
