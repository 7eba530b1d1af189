// Decoding of single values, from text that has been accepted.

extension Tape.Entry {
    /// The name of the member, as UTF-8.
    func decodedKey(_ text: [UInt8]) -> [UInt8] {
        isKeyEscaped ? unescaped(text, key) : Array(text[key])
    }

    /// The name of the member.
    func keyString(_ text: [UInt8]) -> String {
        isKeyEscaped
            ? String(decoding: unescaped(text, key), as: UTF8.self) : String(decoding: text[key], as: UTF8.self)
    }

    /// Tells whether the member has this name: the same bytes, not merely what Unicode calls equivalent.
    func hasKey(_ name: String, _ text: [UInt8]) -> Bool {
        guard isKeyEscaped else {
            let name = name.utf8.span
            guard keyEnd - keyStart == name.count else { return false }
            let text = text.span
            for index in 0..<name.count where text[keyStart + index] != name[index] { return false }
            return true
        }
        return unescaped(text, key).elementsEqual(name.utf8)
    }

    /// The text of a string.
    func string(_ text: [UInt8]) -> String {
        isEscaped
            ? String(decoding: unescaped(text, content), as: UTF8.self) : String(decoding: text[content], as: UTF8.self)
    }

    /// The nearest double to a number; infinite where there is none.
    func double(_ text: [UInt8]) -> Double? {
        if isInteger, let value = integer(text.span, bytes), value != 0 { return Double(value) }
        return Double(String(decoding: text[bytes], as: UTF8.self))
    }
}

/// Undoes the escapes between two quotation marks.
func unescaped(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var place = range.lowerBound
    while let backslash = text[place..<range.upperBound].firstIndex(of: UInt8(ascii: "\\")) {
        result += text[place..<backslash]
        let letter = text[backslash + 1]
        place = backslash + 2
        switch letter {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): appendScalar(text, &place, to: &result)
        default: result.append(letter)
        }
    }
    result += text[place..<range.upperBound]
    return result
}

/// Reads the four digits at `place`, and the escape that follows where the two are a pair.
///
/// Half a pair, which a lenient scanner lets pass, becomes U+FFFD.
private func appendScalar(_ text: [UInt8], _ place: inout Int, to result: inout [UInt8]) {
    var value = codeUnit(text, at: place)
    place += 4
    if value & 0xFC00 == 0xD800, let low = lowHalf(text, at: place) {
        value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
        place += 6
    }
    let bytes = Unicode.Scalar(value).flatMap { UTF8.encode($0) } ?? UTF8.encodedReplacementCharacter
    result.append(contentsOf: bytes)
}

/// The second half of a pair whose escape stands at `place`; nil for anything else.
func lowHalf(_ text: [UInt8], at place: Int) -> UInt32? {
    half(text, at: place, 0xDC00)
}

/// The half of a pair whose escape stands at `place`, where its upper bits are `mark`.
func half(_ text: [UInt8], at place: Int, _ mark: UInt32) -> UInt32? {
    guard place + 6 <= text.count, text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "u") else {
        return nil
    }
    let unit = codeUnit(text, at: place + 2)
    return unit & 0xFC00 == mark ? unit : nil
}

private func codeUnit(_ text: [UInt8], at place: Int) -> UInt32 {
    text[place..<place + 4].reduce(0) { $0 << 4 | UInt32(hexadecimal($1) ?? 0) }
}
