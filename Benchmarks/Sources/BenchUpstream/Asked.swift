import BenchMachine

/// What one request to the upstream wants.
enum Asked: Equatable {
    case plain(Surface)
    case stream(Surface)
    /// A stream that stays open after its first word.
    case held
    /// A stream that says nothing for a while after its role, and then when it has begun to reason.
    case reasoning
    /// Lets the held streams go on.
    case release
    case unknown
    /// A body without a length, which this server can't read.
    case lengthless

    /// Reads the request at the start of `bytes`.
    ///
    /// - Returns: What it wants and how long it is; nil while it is not complete.
    static func read(_ bytes: Span<UInt8>) -> (asked: Asked, length: Int)? {
        guard let headEnd = place(of: "\r\n\r\n", in: bytes, 0..<bytes.count) else { return nil }
        let head = 0..<headEnd
        guard place(of: "transfer-encoding:", in: bytes, head) == nil else { return (.lengthless, bytes.count) }
        var end = headEnd + 4
        if let start = place(of: "content-length:", in: bytes, head) {
            end += number(bytes, start + 15)
        }
        guard bytes.count >= end else { return nil }
        return (manner(bytes, head: head, body: headEnd + 4..<end), end)
    }

    private static func manner(_ bytes: Span<UInt8>, head: Range<Int>, body: Range<Int>) -> Asked {
        let line = 0..<min(40, head.upperBound)
        if place(of: "post /release ", in: bytes, line) == 0 { return .release }
        guard let surface = surface(bytes, line) else { return .unknown }
        guard holds("\"stream\":true", bytes, body) else { return .plain(surface) }
        guard surface == .chat else { return .stream(surface) }
        if holds("\"bench-reasoning\"", bytes, body) { return .reasoning }
        return holds("\"bench-held\"", bytes, body) ? .held : .stream(.chat)
    }

    /// Whose path stands in the request's first line.
    private static func surface(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Surface? {
        if place(of: "post /v1/chat/completions ", in: bytes, line) == 0 { return .chat }
        if place(of: "post /v1/messages ", in: bytes, line) == 0 { return .messages }
        return place(of: "post /v1/responses ", in: bytes, line) == 0 ? .responses : nil
    }

    /// Whether a body has `text` at its beginning or its end, where models and `stream` stand: to look through all of a large one
    /// would hold up the streams of everybody else.
    private static func holds(_ text: StaticString, _ bytes: Span<UInt8>, _ body: Range<Int>) -> Bool {
        place(of: text, in: bytes, body.prefix(1_024)) != nil || place(of: text, in: bytes, body.suffix(1_024)) != nil
    }

    /// Where `text`, given in lower case, stands in a range, case aside.
    private static func place(of text: StaticString, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let length = text.utf8CodeUnitCount
        guard range.count >= length else { return nil }
        return text.withUTF8Buffer { text in
            let first = unsafe text[0]
            for start in range.lowerBound...(range.upperBound - length) where lower(bytes[start]) == first {
                var offset = 1
                while offset < length, unsafe lower(bytes[start + offset]) == text[offset] { offset += 1 }
                if offset == length { return start }
            }
            return nil
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
    }

    private static func number(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var value = 0
        var index = start
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        while index < bytes.count, (0x30...0x39).contains(bytes[index]), value < 1 << 40 {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return value
    }
}
