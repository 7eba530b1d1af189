import SluiceJSON
import Testing

@Suite struct UTF8Tests {
    private static let invalid: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
        [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
        [0xED, 0xBF, 0xBF],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ]

    @Test(arguments: invalid)
    func `refuses what is not UTF-8 at the first byte of the sequence`(sequence: [UInt8]) {
        let cases: [(before: String, after: String)] = [
            ("\"", "\""), ("{\"", "\":1}"), ("[\"€", ""), ("", "1"), ("[1", "]"), ("[tr", "]"), ("1 ", ""),
            ("\"\\", "\""), ("\"\\u1", "\""),
        ]
        for (before, after) in cases {
            let error = refusal(of: Array(before.utf8) + sequence + Array(after.utf8))
            #expect(error?.code == .invalidUTF8, "after \(before)")
            #expect(error?.position == Position(line: 1, column: before.utf8.count + 1), "after \(before)")
        }
    }

    private static let valid: [[UInt8]] = [
        [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
        [0xEF, 0xBB, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    @Test(arguments: valid)
    func `accepts the first and last sequences of each length`(sequence: [UInt8]) throws {
        let document = try Document([UInt8(ascii: "\"")] + sequence + [UInt8(ascii: "\"")])
        #expect(document.root.string.map { Array($0.utf8) } == sequence)
    }

    @Test func `agrees with the standard library on every pair of bytes and on longer sequences`() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0x80)...0xFF { expectAgreement([first, second]) }
        }
        var random = SeededNumbers(seed: 8)
        for _ in 0..<20_000 {
            let first = UInt8.random(in: 0xE0...0xF5, using: &random)
            expectAgreement([first] + (0..<3).map { _ in UInt8.random(in: 0x7F...0xC1, using: &random) })
            expectAgreement([first] + (0..<2).map { _ in UInt8.random(in: 0x80...0xBF, using: &random) })
        }
    }

    private func expectAgreement(_ bytes: [UInt8]) {
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        let error = refusal(of: [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
        #expect(error?.code == (isUTF8 ? nil : .invalidUTF8), "\(bytes)")
    }
}
