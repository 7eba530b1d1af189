import SluiceEngine

/// How a surface writes a stream: all that differs between one protocol and another.
///
/// What may be written, and when, is decided elsewhere; see `AnswerTelling` and ``EventStream``.
protocol EntryWriter: Sendable {
    /// Writes what the caller gets of one entry of a log, which may be nothing.
    mutating func append(_ entry: LogEntry, to text: inout [UInt8])

    /// What says that the stream is whole, behind all entries; empty where one of them says it itself.
    var terminalMark: [UInt8] { get }

    /// What keeps a caller awake who hears nothing else.
    var keepAlive: [UInt8] { get }

    /// Whether its clients take the stream's orderly end behind an error for no success, and miss the error without it; `isFinal` where
    /// nothing more will come of what the stream told of.
    func endsInOrder(isFinal: Bool) -> Bool

    /// The last that the caller gets of a stream that is not whole.
    mutating func broken(by error: CallError, isFinal: Bool) -> [UInt8]

    /// Another attempt begins: what follows is told of it.
    mutating func begin(_ epoch: Int)
}

extension EntryWriter {
    /// Most clients take an orderly end for success.
    func endsInOrder(isFinal: Bool) -> Bool { false }

    /// Most protocols know nothing of attempts.
    mutating func begin(_ epoch: Int) {}

    /// What the caller gets of a piece of a log.
    mutating func text(of piece: LogPiece) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.bytes.count)
        append(piece, to: &text)
        return text
    }

    /// Writes what the caller gets of a piece of a log.
    mutating func append(_ piece: LogPiece, to text: inout [UInt8]) {
        for entry in LogEntries(piece) { append(entry, to: &text) }
    }
}
