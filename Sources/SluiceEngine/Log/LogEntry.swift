/// One event as a job's log holds it: a letter for its kind, the length of its payload in four bytes, the payload.
///
/// Lengths, and not line ends, because a provider's object may hold line ends and is kept as it came.
package struct LogEntry: Sendable, Hashable {
    /// What happened; the raw value is the letter in the log.
    package enum Kind: UInt8, Sendable {
        /// The provider began; the payload is its own id of the answer, or empty.
        case start = 0x73
        /// A piece of the text, UTF-8.
        case delta = 0x64
        /// One chunk of the provider's stream, untouched.
        case raw = 0x72
        /// The tokens used, as JSON in the gateway's words.
        case usage = 0x75
        /// Why the model stopped, in OpenAI's words.
        case finish = 0x66
        /// The class of what the provider said instead.
        case error = 0x65
    }

    package var kind: Kind
    package var payload: ArraySlice<UInt8>
    /// The place in the log right after this entry, in bytes from the log's beginning: where a reader goes on.
    package var end: Int

    static let headerLength = 5

    /// Writes an entry behind what `log` holds.
    static func append(_ kind: Kind, _ payload: some Collection<UInt8>, to log: inout [UInt8]) {
        let length = UInt32(payload.count)
        log.append(kind.rawValue)
        for shift in [24, 16, 8, 0] as [UInt32] { log.append(UInt8(truncatingIfNeeded: length >> shift)) }
        log += payload
    }
}

/// Whole entries of a log, copied out, so that the log goes on without them.
package struct LogPiece: Sendable, Hashable {
    package var bytes: [UInt8]
    /// The place of the first byte in the log.
    package var start: Int

    package var isEmpty: Bool { bytes.isEmpty }
    /// The place right after the last entry.
    package var end: Int { start + bytes.count }
}

/// The entries in a piece of a log that begins and ends between two of them; a torn or foreign piece ends the sequence.
package struct LogEntries: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    /// What turns an index of ``rest`` into a place in the log.
    private let base: Int

    /// Reads `piece`, whose indices are places in the log.
    package init(_ piece: ArraySlice<UInt8>) {
        rest = piece
        base = 0
    }

    /// Reads `piece`.
    package init(_ piece: LogPiece) {
        rest = piece.bytes[...]
        base = piece.start
    }

    package mutating func next() -> LogEntry? {
        guard rest.count >= LogEntry.headerLength, let kind = LogEntry.Kind(rawValue: rest[rest.startIndex]) else {
            return nil
        }
        let start = rest.startIndex + LogEntry.headerLength
        let end = start + LogEntry.length(in: rest)
        guard end <= rest.endIndex else { return nil }
        defer { rest = rest[end...] }
        return LogEntry(kind: kind, payload: rest[start..<end], end: base + end)
    }
}

extension LogEntry {
    /// The length of the payload of the entry with which `rest` begins; `rest` has a whole header.
    static func length(in rest: ArraySlice<UInt8>) -> Int {
        let start = rest.startIndex
        return rest[(start + 1)..<(start + headerLength)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// How many bytes of `log` behind `offset` are whole entries that have room in `limit`; the first has it always.
    ///
    /// Nil where no entry begins at `offset`.
    static func length(of log: [UInt8], from offset: Int, atMost limit: Int) -> Int? {
        var end = offset
        while end < log.count {
            guard let next = LogEntry.end(of: log, at: end) else { return nil }
            if end > offset, next - offset > limit { break }
            end = next
        }
        return end - offset
    }

    /// True when an entry begins, or the log ends, at `offset`.
    static func begins(at offset: Int, in log: [UInt8]) -> Bool {
        var place = 0
        while place < offset, let next = end(of: log, at: place) { place = next }
        return place == offset
    }

    private static func end(of log: [UInt8], at place: Int) -> Int? {
        guard log.count - place >= headerLength, Kind(rawValue: log[place]) != nil else { return nil }
        let end = place + headerLength + length(in: log[place...])
        return end <= log.count ? end : nil
    }
}
