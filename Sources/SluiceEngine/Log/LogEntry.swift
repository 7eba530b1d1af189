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

/// The entries in a piece of a log that begins and ends between two of them; a torn or foreign piece ends the sequence.
package struct LogEntries: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    /// Reads `piece`, whose indices are places in the log.
    package init(_ piece: ArraySlice<UInt8>) {
        rest = piece
    }

    package mutating func next() -> LogEntry? {
        guard rest.count >= LogEntry.headerLength, let kind = LogEntry.Kind(rawValue: rest[rest.startIndex]) else {
            return nil
        }
        let length = rest[(rest.startIndex + 1)..<(rest.startIndex + LogEntry.headerLength)].reduce(0) {
            $0 << 8 | Int($1)
        }
        let start = rest.startIndex + LogEntry.headerLength
        let end = start + length
        guard end <= rest.endIndex else { return nil }
        defer { rest = rest[end...] }
        return LogEntry(kind: kind, payload: rest[start..<end], end: end)
    }
}
