import SluiceProvider
import SluiceTypes

/// The entries in a piece of a log that begins and ends between two of them; a torn or foreign piece ends the sequence.
package struct LogEntries: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    /// What turns an index of ``rest`` into a position in the log.
    private let base: Int

    /// Reads a whole log from its beginning.
    package init(log: [UInt8]) {
        rest = log.dropFirst(LogFormat.start)
        base = 0
    }

    /// Reads `piece`.
    package init(_ piece: LogPiece) {
        rest = piece.bytes[...]
        base = piece.start
    }

    package mutating func next() -> LogEntry? {
        guard rest.count >= LogEntry.headerLength, let kind = LogEntry.Kind(rawValue: rest[rest.startIndex]),
            let stage = LogEntry.Stage(rawValue: rest[rest.startIndex + 1])
        else { return nil }
        let name = rest.startIndex + LogEntry.headerLength
        let start = name + LogEntry.nameLength(in: rest)
        let end = start + LogEntry.length(in: rest)
        guard end <= rest.endIndex else { return nil }
        defer { rest = rest[end...] }
        return LogEntry(kind: kind, stage: stage, name: rest[name..<start], payload: rest[start..<end], end: base + end)
    }
}
