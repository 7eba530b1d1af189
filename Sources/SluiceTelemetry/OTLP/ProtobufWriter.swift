/// Writes a message as Protocol Buffers do.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>.
struct ProtobufWriter: WireWriter {
    private(set) var bytes: [UInt8] = []

    /// How a field's value is written.
    private enum Form: UInt64 {
        case varint = 0
        case eightBytes = 1
        case lengthThenBytes = 2
        case fourBytes = 5
    }

    mutating func string(_ number: Int, _ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        tag(number, .lengthThenBytes)
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func id(_ number: Int, _ name: String, _ value: [UInt8]) {
        if !value.isEmpty { piece(number, value) }
    }

    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64) {
        if value != 0 { always(number, value) }
    }

    /// Written even as 0, since it is one of several values that a message may have.
    mutating func signedFixed64(_ number: Int, _ name: String, _ value: Int64) {
        always(number, UInt64(bitPattern: value))
    }

    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32) {
        guard value != 0 else { return }
        tag(number, .fourBytes)
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }

    /// Written even as 0, as ``signedFixed64(_:_:_:)``.
    mutating func double(_ number: Int, _ name: String, _ value: Double) { always(number, value.bitPattern) }

    /// Written even as false, as ``signedFixed64(_:_:_:)``.
    mutating func bool(_ number: Int, _ name: String, _ value: Bool) {
        tag(number, .varint)
        varint(value ? 1 : 0)
    }

    /// Written even as 0, as ``signedFixed64(_:_:_:)``.
    mutating func integer(_ number: Int, _ name: String, _ value: Int64) {
        tag(number, .varint)
        varint(UInt64(bitPattern: value))
    }

    mutating func choice(_ number: Int, _ name: String, _ value: Int) {
        if value != 0 { integer(number, name, Int64(value)) }
    }

    mutating func fixed64s(_ number: Int, _ name: String, _ values: [UInt64]) {
        guard !values.isEmpty else { return }
        tag(number, .lengthThenBytes)
        varint(UInt64(values.count * 8))
        for value in values { append(value) }
    }

    mutating func doubles(_ number: Int, _ name: String, _ values: [Double]) {
        fixed64s(number, name, values.map(\.bitPattern))
    }

    mutating func message(_ number: Int, _ name: String, _ body: (inout ProtobufWriter) -> Void) {
        tag(number, .lengthThenBytes)
        // Written in place: most messages are so short that one byte has room for their length.
        let start = bytes.count
        bytes.append(0)
        body(&self)
        let length = bytes.count - start - 1
        guard length >= 0x80 else {
            bytes[start] = UInt8(length)
            return
        }
        var prefix = ProtobufWriter()
        prefix.varint(UInt64(length))
        bytes.replaceSubrange(start...start, with: prefix.bytes)
    }

    mutating func messages<Element>(
        _ number: Int,
        _ name: String,
        _ elements: [Element],
        _ body: (inout ProtobufWriter, Element) -> Void
    ) {
        for element in elements { message(number, name) { body(&$0, element) } }
    }

    private mutating func always(_ number: Int, _ word: UInt64) {
        tag(number, .eightBytes)
        append(word)
    }

    private mutating func piece(_ number: Int, _ piece: [UInt8]) {
        tag(number, .lengthThenBytes)
        varint(UInt64(piece.count))
        bytes += piece
    }

    private mutating func tag(_ number: Int, _ form: Form) { varint(UInt64(number) << 3 | form.rawValue) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Least significant first.
    private mutating func append(_ word: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * place))) }
    }
}
