/// Cuts a `text/event-stream` into its events (WHATWG HTML, section 9.2.6), however the bytes are chopped.
///
/// Lines end with LF, CR or CRLF; comments and the fields `id` and `retry` are passed over; a byte order mark at the
/// start is too. How long a line may be is the transport's to say, which bounds the whole answer.
public struct SSEDecoder: Sendable {
    /// One event of a stream.
    public struct Event: Sendable, Hashable {
        /// The `event` field; nil for an event without one.
        public var name: String?
        /// The `data` lines, joined by LF.
        public var data: [UInt8]

        /// Creates an event.
        public init(name: String? = nil, data: [UInt8]) {
            self.name = name
            self.data = data
        }
    }

    private var line: [UInt8] = []
    private var isFirstLine = true
    private var skipsLineFeed = false
    private var name: String?
    private var data: [UInt8]?

    /// Creates a decoder.
    public init() {}

    /// Takes more bytes and returns the events they complete.
    public mutating func feed(_ chunk: [UInt8]) -> [Event] {
        var events: [Event] = []
        var rest = chunk[...]
        if skipsLineFeed, let first = rest.first {
            skipsLineFeed = false
            if first == UInt8(ascii: "\n") { rest.removeFirst() }
        }
        while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            if let event = endLine(with: rest[..<end]) { events.append(event) }
            var next = end + 1
            if rest[end] == UInt8(ascii: "\r") {
                if next == rest.endIndex {
                    skipsLineFeed = true
                } else if rest[next] == UInt8(ascii: "\n") {
                    next += 1
                }
            }
            rest = rest[next...]
        }
        line += rest
        return events
    }

    /// What the stream's end completes: an event whose empty line is missing.
    ///
    /// The standard drops it. Some servers close right after their last line, and a text cut short is no JSON, so its
    /// reader can tell the two apart.
    public mutating func finish() -> Event? {
        if !line.isEmpty { _ = endLine(with: []) }
        return dispatch()
    }

    private mutating func endLine(with tail: ArraySlice<UInt8>) -> Event? {
        var whole = tail
        if !line.isEmpty {
            line += tail
            whole = line[...]
            line = []
        }
        if isFirstLine, whole.starts(with: [0xEF, 0xBB, 0xBF]) { whole.removeFirst(3) }
        isFirstLine = false
        guard !whole.isEmpty else { return dispatch() }
        take(whole)
        return nil
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if line[..<colon].elementsEqual("data".utf8) {
            guard var lines = data else {
                data = Array(value)
                return
            }
            lines.append(UInt8(ascii: "\n"))
            lines += value
            data = lines
        } else if line[..<colon].elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = nil
            data = nil
        }
        return data.map { Event(name: name, data: $0) }
    }
}
