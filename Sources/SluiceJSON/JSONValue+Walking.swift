// What walks through large texts uses: nothing of it makes a string or an array.

extension JSONValue {
    /// Calls `body` with each member's or element's value, in the order of the text; nothing for other kinds.
    public func forEachChild(_ body: (JSONValue) -> Void) {
        guard kind == .object || kind == .array else { return }
        let tape = storage.tape
        var place = index + 1
        let end = Int(tape.entries[index].after)
        while place < end {
            body(JSONValue(storage: storage, index: place))
            place = Int(tape.entries[place].after)
        }
    }

    /// Whether it is the member of that name; false for elements.
    public func isMember(_ key: StaticString) -> Bool {
        let entry = storage.tape.entries[index]
        guard entry.keyStart > 0, !entry.isKeyEscaped, entry.key.count == key.utf8CodeUnitCount else { return false }
        return holds(key, at: entry.keyStart)
    }

    /// How many bytes of the received text it takes, punctuation included.
    public var byteCount: Int { storage.tape.entries[index].bytes.count }

    /// How many bytes of UTF-8 a string has once it is decoded; 0 for other kinds.
    ///
    /// An escaped half of a pair counts as two, so that both together are the four that the character takes.
    public var decodedByteCount: Int {
        let entry = storage.tape.entries[index]
        guard entry.kind == .string else { return 0 }
        let content = entry.content
        guard entry.isEscaped else { return content.count }
        let bytes = storage.text
        let text = bytes.span
        var count = 0
        var place = content.lowerBound
        while place < content.upperBound {
            if let plain = JSONValue.plainWord(text, at: place, before: content.upperBound) {
                count += plain
                place += plain
                continue
            }
            guard text[place] == UInt8(ascii: "\\") else {
                count += 1
                place += 1
                continue
            }
            guard text[place + 1] == UInt8(ascii: "u") else {
                count += 1
                place += 2
                continue
            }
            count += JSONValue.bytes(ofUnitAt: place + 2, text)
            place += 6
        }
        return count
    }

    /// 8 where the next eight bytes hold no backslash; nil where one does, and where there are fewer.
    private static func plainWord(_ text: Span<UInt8>, at place: Int, before end: Int) -> Int? {
        guard place + 8 <= end else { return nil }
        let word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        // A byte that is a backslash is 0 here, and only below a zero byte does a subtraction borrow.
        let marked = word ^ 0x5C5C_5C5C_5C5C_5C5C
        return (marked &- 0x0101_0101_0101_0101) & ~marked & 0x8080_8080_8080_8080 == 0 ? 8 : nil
    }

    /// How many bytes of UTF-8 the four hexadecimal digits at a place stand for.
    private static func bytes(ofUnitAt place: Int, _ text: Span<UInt8>) -> Int {
        var unit = 0
        for place in place..<place + 4 {
            let digit = text[place]
            unit = unit << 4 | Int(digit & 0x0F) + (digit > UInt8(ascii: "9") ? 9 : 0)
        }
        return switch unit {
        case ..<0x80: 1
        case ..<0x800: 2
        case 0xD800...0xDFFF: 2
        default: 3
        }
    }

    /// Whether it is that string, spelled without escapes.
    public func isString(_ text: StaticString) -> Bool {
        begins(with: text) && storage.tape.entries[index].content.count == text.utf8CodeUnitCount
    }

    /// Whether a string begins with these bytes, as they were received.
    public func begins(with prefix: StaticString) -> Bool {
        let entry = storage.tape.entries[index]
        guard entry.kind == .string, entry.content.count >= prefix.utf8CodeUnitCount else { return false }
        return holds(prefix, at: entry.content.lowerBound)
    }

    /// Whether the text has these bytes at a place; there must be as many behind it.
    private func holds(_ bytes: StaticString, at place: Int) -> Bool {
        let text = storage.text
        return bytes.withUTF8Buffer { bytes in
            for offset in bytes.indices where unsafe bytes[offset] != text[place + offset] { return false }
            return true
        }
    }
}
