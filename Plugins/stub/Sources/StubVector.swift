import SluiceJSON

/// A vector of length 1 that depends on its text alone: the same text has the same one, another text another.
///
/// Near meanings have no near vectors. Fewer dimensions are the first of many, brought back to length 1, as OpenAI's are.
struct StubVector {
    let numbers: [Float]

    init(of input: StubEmbeddingRequest.Input, _ dimensions: Int) {
        var state = StubVector.hash(of: input)
        let values = (0..<dimensions).map { _ in StubVector.value(&state) }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        numbers = values.map { Float($0 / length) }
    }

    /// The numbers in Swift's shortest spelling, from which the same `Float` is read.
    func write(to writer: inout JSONWriter) {
        for number in numbers { writer.raw(number.description.utf8) }
    }

    /// The numbers' bytes, the lowest first, in Base64 (RFC 4648, section 4).
    var base64: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 4)
        for number in numbers {
            let bits = number.bitPattern
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
            }
        }
        return StubVector.base64(bytes)
    }

    /// FNV-1a, over a text's UTF-8 or the bytes of its tokens.
    private static func hash(of input: StubEmbeddingRequest.Input) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        switch input {
        case .text(let text):
            for byte in text.utf8 { add(byte) }
        case .numbers(let numbers):
            // No text holds this byte, so no text has the vector of tokens.
            add(0xFF)
            for number in numbers {
                for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
            }
        }
        return hash
    }

    /// The next of SplitMix64's numbers, as one between -1 and 1 that is never 0.
    private static func value(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return (Double(Int64(bitPattern: mixed) >> 11) + 0.5) / 4_503_599_627_370_496
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
