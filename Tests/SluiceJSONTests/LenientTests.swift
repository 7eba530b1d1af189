import SluiceJSON
import Testing

@Suite("JSON as servers write it who know no better")
struct LenientTests {
    private static let lenient = JSONLimits(isLenient: true)

    private static func document(_ text: String) throws -> Document {
        try Document(indexing: Array(text.utf8), limits: lenient)
    }

    @Test(
        "is read, and leaves as it came",
        arguments: [
            "NaN", "Infinity", "-Infinity", "[NaN,-Infinity,1]", #"{"logprob":-Infinity}"#, #""\ud83d""#, #""\ude00""#,
            #""\ude00\ud83d""#, #"{"\ud83d":1}"#, #"{"a\u0000":1}"#,
        ]
    )
    func accepted(text: String) throws {
        let document = try Self.document(text)
        #expect(document.bytes == Array(text.utf8))
        #expect(throws: JSONError.self) { try Document(indexing: Array(text.utf8)) }
        #expect(throws: JSONError.self) { try Document(Array(text.utf8), limits: Self.lenient) }
    }

    @Test(
        "has its bounds",
        arguments: [
            "nan", "NAN", "Na", "+Infinity", "Infinit", "--Infinity", "-NaN", #""\ud83""#, #""\uzzzz""#, "I", "N",
        ]
    )
    func refused(text: String) {
        #expect(throws: JSONError.self) { try Self.document(text) }
    }

    @Test("has numbers that are none")
    func numbers() throws {
        #expect(try Self.document("NaN").root.number?.isNaN == true)
        #expect(try Self.document("-Infinity").root.number == -.infinity)
        #expect(try Self.document("Infinity").root.integer == nil)
    }

    struct Cut: Sendable, CustomTestStringConvertible {
        var text: String
        var whole: String
        var piece: StringPiece

        init(_ text: String, _ whole: String, low: UInt16? = nil, _ middle: String, high: UInt16? = nil) {
            self.text = text
            self.whole = whole
            piece = StringPiece(low: low, text: middle, high: high)
        }

        var testDescription: String { text }
    }

    @Test(
        "tells the halves of a pair at the ends of a text from those within",
        arguments: [
            Cut("a", "a", "a"),
            Cut(#"a\ud83d"#, "a\u{FFFD}", "a", high: 0xD83D),
            Cut(#"\ude00b"#, "\u{FFFD}b", low: 0xDE00, "b"),
            Cut(#"\ud83d"#, "\u{FFFD}", "", high: 0xD83D),
            Cut(#"\ude00"#, "\u{FFFD}", low: 0xDE00, ""),
            Cut(#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}", low: 0xDE00, "", high: 0xD83D),
            Cut(#"\ud83d\ude00"#, "😀", "😀"),
            Cut(#"\ud83da\ude00b"#, "\u{FFFD}a\u{FFFD}b", "\u{FFFD}a\u{FFFD}b"),
            Cut(#"\\ud83d"#, #"\ud83d"#, #"\ud83d"#),
            Cut(#"\\\ud83d"#, "\\\u{FFFD}", "\\", high: 0xD83D),
            Cut(#"x\\\\ud83d"#, #"x\\ud83d"#, #"x\\ud83d"#),
            Cut("", "", ""),
        ]
    )
    func pieces(cut: Cut) throws {
        let value = try Self.document("\"\(cut.text)\"").root
        #expect(value.string == cut.whole)
        #expect(value.piece == cut.piece)
        #expect(value.piece?.isEmpty == cut.whole.isEmpty)
    }

    @Test("has no piece where there is no text")
    func noPiece() throws {
        #expect(try Self.document("1").root.piece == nil)
    }
}
