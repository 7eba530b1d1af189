/// Reads the fields of a message of Protocol Buffers, one after the other.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case piece(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ message: ArraySlice<UInt8>) {
        rest = message
    }

    /// The next field; nil at the end, and where what comes is none.
    mutating func next() -> (number: UInt64, value: Value)? {
        guard let tag = varint(), tag >> 3 > 0 else { return nil }
        let value: Value? =
            switch tag & 7 {
            case 0: varint().map { .number($0) }
            case 1: piece(8).map { .number(ProtobufReader.number($0)) }
            case 2: varint().flatMap { Int(exactly: $0) }.flatMap { piece($0) }.map { .piece($0) }
            case 5: piece(4).map { .number(ProtobufReader.number($0)) }
            default: nil
            }
        return value.map { (tag >> 3, $0) }
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for place in 0..<10 {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << (7 * place)
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func piece(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Least significant first.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
