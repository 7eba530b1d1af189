/// Writes JSON text of our own: compact, members in the order given, doubles in Swift's shortest spelling.
///
/// Commas come by themselves. Nothing checks that a key stands in an object and has one value.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// A value has been written, so that a comma must precede the next one.
    private var isAfterValue = false

    /// Creates an empty writer.
    public init() {}

    /// What has been written, as a string.
    public var bytesAsString: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes an object; `body` writes its members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        body(&self)
        end(UInt8(ascii: "}"))
    }

    /// Writes an array; `body` writes its elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "["))
        body(&self)
        end(UInt8(ascii: "]"))
    }

    /// Writes the key of the next value.
    ///
    /// Only inside an object.
    public mutating func key(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        isAfterValue = false
    }

    /// Writes a value.
    @inlinable
    public mutating func value(_ value: some JSONWritable) { value.write(to: &self) }

    // Inlined where they are used: a call that does not know its value's type has to look it up, for each member.

    /// Writes a key and its value; nil becomes `null`.
    @inlinable
    public mutating func member(_ name: String, _ value: (some JSONWritable)?) {
        key(name)
        if let value { self.value(value) } else { null() }
    }

    /// Writes a key and its value; nothing at all for nil.
    @inlinable
    public mutating func memberIfPresent(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return }
        member(name, value)
    }

    /// Writes a key and an object.
    public mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// Writes a key and an array.
    public mutating func member(_ name: String, array body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    /// Writes `null`.
    public mutating func null() { raw("null".utf8) }

    /// Writes JSON text as it is.
    public mutating func raw(_ text: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
        isAfterValue = true
    }

    /// Writes JSON text as it is, a slice of a text in one piece.
    public mutating func raw(_ text: ArraySlice<UInt8>) {
        separate()
        append(text)
        isAfterValue = true
    }

    /// Writes a string whose text is spelled already: nothing is escaped.
    public mutating func spelled(_ text: ArraySlice<UInt8>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(text)
        bytes.append(UInt8(ascii: "\""))
        isAfterValue = true
    }

    /// Writes a string whose text is spelled already, in pieces that follow each other.
    public mutating func spelled(pieces: [ArraySlice<UInt8>]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for piece in pieces { append(piece) }
        bytes.append(UInt8(ascii: "\""))
        isAfterValue = true
    }

    /// Runs `body` on a new writer and returns what it wrote.
    public static func bytes(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        // Most of what is written is a record of this size or a line of less; growing by doubling costs more than it saves.
        writer.bytes.reserveCapacity(768)
        body(&writer)
        return writer.bytes
    }
}

extension JSONWriter {
    mutating func string(_ text: String) {
        separate()
        appendQuoted(text)
        isAfterValue = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        isAfterValue = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        isAfterValue = true
    }

    /// Copies a slice at once, where the array's own appending would go byte by byte.
    private mutating func append(_ text: ArraySlice<UInt8>) {
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func separate() {
        if isAfterValue { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { unsafe appendEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies run by run, since most of a text needs no escape.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var runStart = 0
        for place in text.indices {
            let byte = unsafe text[place]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe bytes.append(contentsOf: text[runStart..<place])
            appendEscape(of: byte)
            runStart = place + 1
        }
        unsafe bytes.append(contentsOf: text[runStart...])
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digit = byte & 0x0F
            bytes.append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
            bytes.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
        default: bytes.append(byte)
        }
    }
}
