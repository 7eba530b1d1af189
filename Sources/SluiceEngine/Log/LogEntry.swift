import SluiceProvider
import SluiceTypes

/// One event as a job's log holds it: a letter for its kind, one for its stage, the length of its event's name in one byte,
/// the length of its payload in four, the name, the payload.
///
/// Lengths, and not line ends, because a provider's object may hold line ends and is kept as it came. A log begins with
/// ``LogFormat/version``.
package struct LogEntry: Sendable, Hashable {
    /// What happened, as ``SluiceProvider/ReplyEvent`` has it; the raw value is the letter in the log.
    package enum Kind: UInt8, Sendable {
        /// The provider began; the payload is its own id of the answer, or empty.
        case start = 0x73
        /// A piece of the text, UTF-8.
        case text = 0x74
        /// One event of the provider's stream, untouched.
        case upstream = 0x72
        /// What was used, as JSON in the gateway's words.
        case usage = 0x75
        /// Why the model stopped, in OpenAI's words.
        case finish = 0x66
        /// The event by which the provider's stream said that it is over.
        case terminal = 0x64
        /// What the provider said instead; see ``LoggedError``.
        case error = 0x65
    }

    /// ``SluiceProvider/ReplyStage``; the raw value is the letter in the log.
    package enum Stage: UInt8, Sendable {
        case preamble = 0x70
        case content = 0x63
        case ending = 0x65

        init(_ stage: ReplyStage) {
            self =
                switch stage {
                case .preamble: .preamble
                case .content: .content
                case .ending: .ending
                }
        }
    }

    package var kind: Kind
    package var stage: Stage
    /// The name of the provider's event, for dialects whose events have names; empty for others.
    package var name: ArraySlice<UInt8>
    package var payload: ArraySlice<UInt8>
    /// The position in the log right after this entry, in bytes from the log's beginning: where a reader goes on.
    package var end: Int

    static let headerLength = 7

    /// Writes an entry behind what `log` holds; a name that is longer than its length can say is left out.
    static func append(
        _ kind: Kind,
        _ stage: Stage,
        name: String?,
        _ payload: some Collection<UInt8>,
        to log: inout [UInt8]
    ) {
        if log.isEmpty { log.append(LogFormat.version) }
        let name = name.flatMap { UInt8(exactly: $0.utf8.count) == nil ? nil : $0 } ?? ""
        let length = UInt32(payload.count)
        log.append(kind.rawValue)
        log.append(stage.rawValue)
        log.append(UInt8(name.utf8.count))
        for shift in [24, 16, 8, 0] as [UInt32] { log.append(UInt8(truncatingIfNeeded: length >> shift)) }
        log += name.utf8
        log += payload
    }
}

extension LogEntry {
    /// The length of the payload of the entry with which `rest` begins; `rest` has a whole header.
    static func length(in rest: ArraySlice<UInt8>) -> Int {
        let start = rest.startIndex
        return rest[(start + 3)..<(start + headerLength)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The length of the name of the entry with which `rest` begins.
    static func nameLength(in rest: ArraySlice<UInt8>) -> Int { Int(rest[rest.startIndex + 2]) }

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
        return max(end - offset, 0)
    }

    /// True when an entry begins, or the log ends, at `offset`.
    static func begins(at offset: Int, in log: [UInt8]) -> Bool {
        // Zero stands before all, the version included.
        guard offset > 0 else { return offset == 0 }
        var position = LogFormat.start
        guard offset > position else { return false }
        while position < offset, let next = end(of: log, at: position) { position = next }
        return position == offset
    }

    private static func end(of log: [UInt8], at position: Int) -> Int? {
        guard log.count - position >= headerLength, Kind(rawValue: log[position]) != nil else { return nil }
        let rest = log[position...]
        let end = position + headerLength + nameLength(in: rest) + length(in: rest)
        return end <= log.count ? end : nil
    }
}
