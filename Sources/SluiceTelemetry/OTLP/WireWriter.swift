/// Writes messages of OpenTelemetry's protocol, in whichever of its two spellings: each field has a number in the one and a name in
/// the other.
///
/// What has the value that stands for nothing is left out, as in Protocol Buffers' third version.
/// Source: <https://opentelemetry.io/docs/specs/otlp/>.
protocol WireWriter {
    /// What has been written.
    var bytes: [UInt8] { get }

    mutating func string(_ number: Int, _ name: String, _ value: String)
    /// The bytes of an id; the JSON spelling has them as hex digits.
    mutating func id(_ number: Int, _ name: String, _ value: [UInt8])
    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64)
    mutating func signedFixed64(_ number: Int, _ name: String, _ value: Int64)
    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32)
    mutating func double(_ number: Int, _ name: String, _ value: Double)
    mutating func bool(_ number: Int, _ name: String, _ value: Bool)
    /// A number of 64 bits in few bytes.
    mutating func integer(_ number: Int, _ name: String, _ value: Int64)
    /// A member of an enumeration, by its number.
    mutating func choice(_ number: Int, _ name: String, _ value: Int)
    mutating func fixed64s(_ number: Int, _ name: String, _ values: [UInt64])
    mutating func doubles(_ number: Int, _ name: String, _ values: [Double])
    mutating func message(_ number: Int, _ name: String, _ body: (inout Self) -> Void)
    mutating func messages<Element>(
        _ number: Int,
        _ name: String,
        _ elements: [Element],
        _ body: (inout Self, Element) -> Void
    )
}
