/// The pass over a text that comes before jansson.
///
/// It refuses what is no JSON by RFC 8259, with the place of the first byte that can't stand where it stands (jansson
/// would skip a NUL byte after a number or a word). It holds the text to the limits, which jansson can't be told: a
/// megabyte of `{}` would cost it 77. And it builds the index, with no stack but the tape: the entry of an open container
/// knows its own container.
struct Scanner {
    let limits: JSONLimits
    var tape = Tape()
    /// The next byte to be read.
    var place = 0
    /// The entry of the innermost open container, or -1.
    private var container: Int32 = -1
    private var depth = 0

    /// jansson counts 2,048 levels, of which a scalar takes one.
    private static let deepest = 2047
    /// Entries are counted in 32 bits.
    private static let most = Int(Int32.max) / 2 - 1

    private init(limits: JSONLimits, size: Int) {
        self.limits = JSONLimits(
            depth: min(limits.depth, Scanner.deepest),
            scalars: min(limits.scalars, Scanner.most),
            containers: min(limits.containers, Scanner.most),
            isLenient: limits.isLenient
        )
        tape.entries.reserveCapacity(min(size / 16 + 2, 256))
    }

    /// Checks `text` and returns its index.
    static func index(of text: [UInt8], limits: JSONLimits) throws(Fault) -> Tape {
        var scanner = Scanner(limits: limits, size: text.count)
        try scanner.scan(text.span)
        return scanner.tape
    }

    private mutating func scan(_ text: Span<UInt8>) throws(Fault) {
        skipSpace(text)
        guard place < text.count else { throw Fault(.empty, "there is no JSON value") }
        try refuseByteOrderMark(text)
        try value(text, key: 0..<0, isKeyEscaped: false)
        while container >= 0 {
            try step(text)
        }
        skipSpace(text)
        guard place == text.count else {
            throw unexpected(text, "only white space may follow the value")
        }
    }

    private func refuseByteOrderMark(_ text: Span<UInt8>) throws(Fault) {
        guard place == 0, text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF else { return }
        throw Fault(.syntax, "a byte order mark must not precede the value", at: 0)
    }

    /// Reads one member, one element, or the end of the innermost container.
    private mutating func step(_ text: Span<UInt8>) throws(Fault) {
        let isObject = tape.entries[Int(container)].kind == .object
        let isFirst = tape.entries.count == Int(container) + 1
        skipSpace(text)
        guard place < text.count else { throw cutShort(text) }
        if text[place] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            return close()
        }
        if !isFirst {
            guard text[place] == UInt8(ascii: ",") else {
                throw unexpected(text, isObject ? "expected a comma or a closing brace" : Scanner.expectedInArray)
            }
            place += 1
            skipSpace(text)
        }
        if isObject { try member(text) } else { try value(text, key: 0..<0, isKeyEscaped: false) }
    }

    private static let expectedInArray = "expected a comma or a closing bracket"

    private mutating func member(_ text: Span<UInt8>) throws(Fault) {
        guard place < text.count else { throw cutShort(text) }
        guard text[place] == UInt8(ascii: "\"") else {
            throw unexpected(text, "expected a member's name in double quotation marks")
        }
        let start = place + 1
        let isEscaped = try string(text, isKey: true)
        let key = start..<place - 1
        skipSpace(text)
        guard place < text.count else { throw cutShort(text) }
        guard text[place] == UInt8(ascii: ":") else {
            throw unexpected(text, "expected a colon after the member's name")
        }
        place += 1
        skipSpace(text)
        try value(text, key: key, isKeyEscaped: isEscaped)
    }

    private mutating func value(_ text: Span<UInt8>, key: Range<Int>, isKeyEscaped: Bool) throws(Fault) {
        guard place < text.count else { throw cutShort(text) }
        var entry = Tape.Entry(
            kind: .null,
            isKeyEscaped: isKeyEscaped,
            parent: container,
            after: Int32(truncatingIfNeeded: tape.entries.count + 1),
            start: place,
            end: place,
            keyStart: key.lowerBound,
            keyEnd: key.upperBound
        )
        switch text[place] {
        case UInt8(ascii: "\""):
            entry.kind = .string
            entry.isEscaped = try string(text, isKey: false)
        case UInt8(ascii: "{"):
            entry.kind = .object
            return try open(entry)
        case UInt8(ascii: "["):
            entry.kind = .array
            return try open(entry)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            entry.kind = .number
            entry.isInteger = try number(text)
        case UInt8(ascii: "N") where limits.isLenient:
            entry.kind = .number
            try literal(Scanner.words.notANumber, text)
        case UInt8(ascii: "I") where limits.isLenient:
            entry.kind = .number
            try literal(Scanner.words.infinity, text)
        case UInt8(ascii: "t"):
            entry.kind = .boolean
            try literal(Scanner.words.yes, text)
        case UInt8(ascii: "f"):
            entry.kind = .boolean
            try literal(Scanner.words.no, text)
        case UInt8(ascii: "n"):
            try literal(Scanner.words.null, text)
        default:
            throw unexpected(text, "expected a value")
        }
        entry.end = place
        try append(entry)
    }

    private mutating func open(_ entry: Tape.Entry) throws(Fault) {
        guard depth < limits.depth else {
            throw Fault(.tooDeep, "arrays and objects are nested deeper than \(limits.depth) levels", at: place)
        }
        try append(entry)
        depth += 1
        container = Int32(truncatingIfNeeded: tape.entries.count - 1)
        place += 1
    }

    private mutating func close() {
        place += 1
        depth -= 1
        let index = Int(container)
        tape.entries[index].end = place
        tape.entries[index].after = Int32(truncatingIfNeeded: tape.entries.count)
        container = tape.entries[index].parent
    }

    private mutating func append(_ entry: Tape.Entry) throws(Fault) {
        switch entry.kind {
        case .object, .array:
            guard tape.containers < limits.containers else {
                let message = "there are more than \(limits.containers) arrays and objects"
                throw Fault(.tooManyValues, message, at: entry.start)
            }
            tape.containers += 1
        case .string, .number, .boolean, .null:
            guard tape.entries.count - tape.containers < limits.scalars else {
                let message = "there are more than \(limits.scalars) values"
                throw Fault(.tooManyValues, message, at: entry.start)
            }
        }
        tape.entries.append(entry)
    }

    static let words = (
        yes: Array("true".utf8), no: Array("false".utf8), null: Array("null".utf8),
        notANumber: Array("NaN".utf8), infinity: Array("Infinity".utf8)
    )

    mutating func literal(_ name: [UInt8], _ text: Span<UInt8>) throws(Fault) {
        for byte in name {
            guard place < text.count else { throw cutShort(text) }
            guard text[place] == byte else { throw unexpected(text, "expected true, false or null") }
            place += 1
        }
    }

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): place += 1
            default: return
            }
        }
    }
}

extension Scanner {
    /// The fault of the byte at ``place``, which is worse than out of place if it is not UTF-8.
    func unexpected(_ text: Span<UInt8>, _ message: String) -> Fault {
        guard text[place] < 0x80 || Scanner.sequenceLength(text, at: place) != nil else { return notUTF8() }
        return Fault(.syntax, message, at: place)
    }

    func notUTF8() -> Fault { Fault(.invalidUTF8, "the text is not valid UTF-8", at: place) }

    func cutShort(_ text: Span<UInt8>) -> Fault {
        Fault(.syntax, "the text ends before its value does", at: text.count)
    }
}
