extension Scanner {
    /// Reads a string from its opening to its closing quotation mark.
    ///
    /// - Returns: whether there is an escape in it.
    mutating func string(_ text: Span<UInt8>, isKey: Bool) throws(Fault) -> Bool {
        place += 1
        var isEscaped = false
        while place < text.count {
            place = Scanner.plainEnd(text, from: place)
            guard place < text.count else { break }
            switch text[place] {
            case UInt8(ascii: "\""):
                place += 1
                return isEscaped
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape(text, isKey: isKey)
            case 0..<0x20:
                throw Fault(.syntax, "a control character in a string must be escaped", at: place)
            case 0x80...:
                guard let length = Scanner.sequenceLength(text, at: place) else { throw notUTF8() }
                place += length
            // A plain byte: ``plainEnd(_:from:)`` has passed over it.
            default: break
            }
        }
        throw cutShort(text)
    }

    /// Where the run of bytes ends that mean nothing but themselves: most of a string is one.
    private static func plainEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        // Eight bytes at once, as long as all of them are plain.
        var end = unsafe text.withUnsafeBytes { bytes in
            var end = start
            while end + 8 <= bytes.count, arePlain(unsafe bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)) {
                end += 8
            }
            return end
        }
        while end < text.count {
            let byte = text[end]
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            end += 1
        }
        return end
    }

    /// Whether eight bytes all mean nothing but themselves; true of no others, and false of some that do.
    ///
    /// To take 1 from each byte sets the highest bit of those that were 0, and sometimes of one above such a byte.
    private static func arePlain(_ word: UInt64) -> Bool {
        let highest: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones * UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones * UInt64(UInt8(ascii: "\\")))
        // ~ is left out: what it would take away is not ASCII, and no plain byte anyway.
        let found = word | (word &- ones * 0x20) | (quotes &- ones) | (backslashes &- ones)
        return found & highest == 0
    }

    private mutating func escape(_ text: Span<UInt8>, isKey: Bool) throws(Fault) {
        let start = place
        place += 1
        guard place < text.count else { throw cutShort(text) }
        switch text[place] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            place += 1
        case UInt8(ascii: "u"):
            let unit = try codeUnit(text)
            if unit == 0, isKey, !limits.isLenient {
                // jansson's keys are C strings.
                throw Fault(.syntax, "a member's name must not hold a NUL character", at: start)
            }
            if unit & 0xF800 == 0xD800, !limits.isLenient { try surrogate(unit, from: start, text) }
        default:
            throw unexpected(text, "this character must not follow a backslash")
        }
    }

    /// Reads the second half of a pair whose first, `unit`, was read from `start`.
    private mutating func surrogate(_ unit: UInt16, from start: Int, _ text: Span<UInt8>) throws(Fault) {
        let half = Fault(.syntax, "an escape stands for half a surrogate pair", at: start)
        guard unit < 0xDC00, place + 1 < text.count, text[place] == UInt8(ascii: "\\"),
            text[place + 1] == UInt8(ascii: "u")
        else { throw half }
        place += 1
        guard try codeUnit(text) & 0xFC00 == 0xDC00 else { throw half }
    }

    /// Reads `u` and four hexadecimal digits.
    private mutating func codeUnit(_ text: Span<UInt8>) throws(Fault) -> UInt16 {
        place += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard place < text.count else { throw cutShort(text) }
            guard let digit = hexadecimal(text[place]) else {
                throw unexpected(text, "four hexadecimal digits must follow a backslash and u")
            }
            unit = unit << 4 | digit
            place += 1
        }
        return unit
    }

    /// How many bytes the UTF-8 sequence at `place` has, which does not start with an ASCII byte; nil for what is none.
    ///
    /// The ranges are those of table 3-7 of the Unicode Standard: no overlong form, no surrogate, nothing beyond U+10FFFF.
    static func sequenceLength(_ text: Span<UInt8>, at place: Int) -> Int? {
        let second: ClosedRange<UInt8>
        let length: Int
        switch text[place] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard text.count - place >= length, second.contains(text[place + 1]) else { return nil }
        for next in place + 2..<place + length where text[next] & 0xC0 != 0x80 { return nil }
        return length
    }
}

/// The value of a hexadecimal digit.
func hexadecimal(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
