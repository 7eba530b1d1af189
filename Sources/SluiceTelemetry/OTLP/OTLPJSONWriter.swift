import SluiceJSON

/// Writes a message in the protocol's JSON: ids as hex digits, numbers of 64 bits as strings, enumerations as numbers.
///
/// Source: <https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>.
struct OTLPJSONWriter: WireWriter {
    private var writer = JSONWriter()

    var bytes: [UInt8] { Array("{".utf8) + writer.bytes + Array("}".utf8) }

    mutating func string(_ number: Int, _ name: String, _ value: String) {
        if !value.isEmpty { writer.member(name, value) }
    }

    mutating func id(_ number: Int, _ name: String, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        writer.member(name, value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64) {
        if value != 0 { writer.member(name, String(value)) }
    }

    mutating func signedFixed64(_ number: Int, _ name: String, _ value: Int64) { writer.member(name, String(value)) }

    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32) {
        if value != 0 { writer.member(name, Int(value)) }
    }

    mutating func double(_ number: Int, _ name: String, _ value: Double) {
        // JSON has no other word for what is no number.
        if value.isFinite { writer.member(name, value) } else { writer.member(name, OTLPJSONWriter.word(for: value)) }
    }

    mutating func bool(_ number: Int, _ name: String, _ value: Bool) { writer.member(name, value) }

    mutating func integer(_ number: Int, _ name: String, _ value: Int64) { writer.member(name, String(value)) }

    mutating func choice(_ number: Int, _ name: String, _ value: Int) {
        if value != 0 { writer.member(name, value) }
    }

    mutating func fixed64s(_ number: Int, _ name: String, _ values: [UInt64]) {
        writer.member(name, array: { writer in for value in values { writer.value(String(value)) } })
    }

    mutating func doubles(_ number: Int, _ name: String, _ values: [Double]) {
        writer.member(name, array: { writer in for value in values { writer.value(value) } })
    }

    mutating func message(_ number: Int, _ name: String, _ body: (inout OTLPJSONWriter) -> Void) {
        let message = OTLPJSONWriter.message(body)
        writer.key(name)
        writer.raw(message)
    }

    mutating func messages<Element>(
        _ number: Int,
        _ name: String,
        _ elements: [Element],
        _ body: (inout OTLPJSONWriter, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        writer.member(
            name,
            array: { writer in
                for element in elements { writer.raw(OTLPJSONWriter.message { body(&$0, element) }) }
            }
        )
    }

    private static func message(_ body: (inout OTLPJSONWriter) -> Void) -> [UInt8] {
        var writer = OTLPJSONWriter()
        body(&writer)
        return writer.bytes
    }

    private static func word(for value: Double) -> String {
        value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    }
}
