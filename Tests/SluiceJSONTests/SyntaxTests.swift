import SluiceJSON
import Testing

@Suite struct SyntaxTests {
    @Test(arguments: [
        "{}", "[]", "{ }", "[\n]", "null", "true", "false", "0", "-0", "1", "-1", "10", "1.0", "0.7", "1e2", "1E2",
        "1e+2",
        "1E-2", "0e0", "-0.0", "1.25e-10", "\"\"", "\"a\"", " \t\r\n1 \t\r\n", "[1,2]", "[ 1 , 2 ]", "{\"a\":1}",
        "{ \"a\" : 1 , \"b\" : [ { } ] }", "{\"\":0}", #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
        #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uD83D\uDE00""#, "\"é€😀\"",
        "\"\u{7f}\"", "\"\u{2028}\u{feff}\u{ffff}\u{10ffff}\"", #"{"\u0061":1,"b":2}"#, "18446744073709551615",
        "-9223372036854775809", "1e-400", "1e308", "123456789012345678901234567890", "[[],[[]],[[],[]]]",
        #"{"caf\u00e9":1,"cafe\u0301":2}"#,
    ])
    func `accepts JSON and keeps its bytes`(text: String) throws {
        #expect(try Document(text).text == text)
    }

    @Test(arguments: ["", " ", "\n\t\r "])
    func `calls a text without a value empty`(text: String) {
        #expect(refusal(of: text)?.code == .empty)
        #expect(refusal(of: text)?.position == nil)
    }

    private static let faults: [(String, Int, Int)] = [
        // Cut short.
        ("{", 1, 2), ("[", 1, 2), ("\"", 1, 2), ("\"a", 1, 3), ("\"\\", 1, 3), ("\"\\u12", 1, 6), ("[1", 1, 3),
        ("[1,", 1, 4), ("[1 ", 1, 4), ("{\"a", 1, 4), ("{\"a\"", 1, 5), ("{\"a\":", 1, 6), ("{\"a\":1", 1, 7),
        ("{\"a\":1,", 1, 8), ("-", 1, 2), ("1.", 1, 3), ("1e", 1, 3), ("1e+", 1, 4), ("t", 1, 2), ("tru", 1, 4),
        ("nul", 1, 4), ("[\n1\n", 3, 1),
        // More than one value.
        ("1 2", 1, 3), ("{}{}", 1, 3), ("[] x", 1, 4), ("{}\n\n}", 3, 1), ("null,", 1, 5), ("\"a\"b", 1, 4),
        ("{}\u{0}", 1, 3), ("truefalse", 1, 5), ("true1", 1, 5),
        // Separators.
        ("[1,]", 1, 4), ("[,1]", 1, 2), ("[1,,2]", 1, 4), ("[1 2]", 1, 4), ("[1:2]", 1, 3), ("[1}", 1, 3),
        ("{\"a\":1,}", 1, 8), ("{,}", 1, 2), ("{\"a\" 1}", 1, 6), ("{\"a\",1}", 1, 5), ("{\"a\":}", 1, 6),
        ("{\"a\":1 \"b\":2}", 1, 8), ("{\"a\":1]", 1, 7), ("{\"a\"::1}", 1, 6), ("{]", 1, 2), ("]", 1, 1), ("}", 1, 1),
        (",", 1, 1), (":", 1, 1), ("{\n  \"a\": 1,\n  \"b\" 2\n}", 3, 7), ("{\r\n\"a\": 1\r\n\"b\": 2}", 3, 1),
        // Names.
        ("{a:1}", 1, 2), ("{'a':1}", 1, 2), ("{1:1}", 1, 2), ("{null:1}", 1, 2), ("{[]:1}", 1, 2),
        (#"{"a\u0000":1}"#, 1, 4), (#"{"\u0000":1}"#, 1, 3),
        // What is no value.
        ("'a'", 1, 1), ("NaN", 1, 1), ("Infinity", 1, 1), ("-Infinity", 1, 2), ("[NaN]", 1, 2), ("undefined", 1, 1),
        ("True", 1, 1), ("nulL", 1, 4), ("nil", 1, 2), ("// a\n1", 1, 1), ("/* a */ 1", 1, 1), ("1 // a", 1, 3),
        ("[1, /* a */ 2]", 1, 5), ("# a", 1, 1), ("\u{0}", 1, 1), ("\u{1}1", 1, 1), ("\u{b}1", 1, 1), ("é", 1, 1),
        ("[\u{a0}1]", 1, 2), ("[\u{2028}1]", 1, 2), ("\u{feff}", 1, 1), ("\u{feff}{}", 1, 1), (" \u{feff}{}", 1, 2),
        // Numbers.
        ("01", 1, 2), ("-01", 1, 3), ("00", 1, 2), ("[1, 007]", 1, 6), ("+1", 1, 1), (".5", 1, 1), ("-.5", 1, 2),
        ("1.e5", 1, 3), ("1.5.5", 1, 4), ("1e5e5", 1, 4), ("1e.5", 1, 3), ("--1", 1, 2), ("0x10", 1, 2),
        ("1_000", 1, 2),
        ("1a", 1, 2), ("[1.]", 1, 4), ("[-]", 1, 3), ("[1e]", 1, 4), ("1,5", 1, 2), ("1.٥", 1, 3),
        // Strings.
        ("\"a\nb\"", 1, 3), ("\"\t\"", 1, 2), ("\"\u{0}\"", 1, 2), ("\"\u{1f}\"", 1, 2), ("{\"a\u{1}\":1}", 1, 4),
        (#""\x""#, 1, 3), (#""\'""#, 1, 3), (#""\U0041""#, 1, 3), (#""\0""#, 1, 3), ("\"\\\n\"", 1, 3),
        (#""\é""#, 1, 3),
        (#""\u""#, 1, 4), (#""\u12g4""#, 1, 6), (#""\u 123""#, 1, 4), (#""\u+123""#, 1, 4), (#""\u{41}""#, 1, 4),
        (#""\ud800""#, 1, 2), (#""a\udc00""#, 1, 3), (#""\ud800\ud800""#, 1, 2), (#""\ud800\u0041""#, 1, 2),
        (#""\ud800x""#, 1, 2), (#""\ud800\n""#, 1, 2), (#""\ud83d\ude00\ude00""#, 1, 14), (#"{"\ud800":1}"#, 1, 3),
        (#""\ud800\u12""#, 1, 12),
    ]

    @Test(arguments: faults)
    func `refuses what is no JSON, naming the first byte that can't stand there`(text: String, line: Int, column: Int) {
        let error = refusal(of: text)
        #expect(error?.code == .syntax)
        #expect(error?.position == Position(line: line, column: column))
    }

    @Test(arguments: ["1\u{0}", "null\u{0}", "[1\u{0}]", "[true\u{0},1]", "{\"a\":0\u{0}}"])
    func `refuses a NUL byte after a number or a word, which jansson skips`(text: String) throws {
        #expect(Oracle.accepts(Array(text.utf8)))
        let place = try #require(text.utf8.firstIndex(of: 0))
        let column = text.utf8.distance(from: text.utf8.startIndex, to: place) + 1
        #expect(refusal(of: text)?.code == .syntax)
        #expect(refusal(of: text)?.position == Position(line: 1, column: column))
    }

    @Test(arguments: ["01", "-00", "[1,02]"])
    func `names a leading zero as such`(text: String) {
        #expect(refusal(of: text)?.message == "no digit may follow a number's leading zero")
    }

    @Test func `counts columns in bytes and lines by line feeds`() {
        #expect(refusal(of: "[\"é€😀\" x]")?.position == Position(line: 1, column: 14))
        #expect(refusal(of: "[\r1 x]")?.position == Position(line: 1, column: 5))
        #expect(refusal(of: "\n\n\n  x")?.position == Position(line: 4, column: 3))
        #expect(refusal(of: "[1,\n2,\n]")?.description.hasSuffix(" at line 3, column 1") == true)
    }

    private static let duplicates: [String: Int] = [
        #"{"a":1,"a":2}"#: 8, #"{"a":1,"b":2,"a":3}"#: 14, #"{"a":1,"\u0061":2}"#: 8, #"{"":1,"":2}"#: 7,
        #"{"x":{"a":1,"b":{"a":1},"a":2}}"#: 25, #"[{"a":1},{"b":1,"b":2}]"#: 17, #"{"a":{"b":1},"a":{"b":1}}"#: 14,
        #"{"é":1,"\u00e9":2}"#: 9, #"{"😀":1,"\ud83d\ude00":2}"#: 11, #"{"a":1,"a":1e400}"#: 8,
    ]

    @Test(arguments: duplicates)
    func `refuses a name that occurs twice, at the second place`(text: String, column: Int) {
        #expect(refusal(of: text)?.code == .duplicateKey)
        #expect(refusal(of: text)?.position == Position(line: 1, column: column))
    }

    private static let hugeNumbers: [(String, Int)] = [
        ("1e400", 1), ("-1e400", 1), ("[1,1e309]", 4), ("{\"a\":1.8e308}", 6),
        ("1" + String(repeating: "0", count: 400), 1),
        (#"{"a":1e400,"a":1}"#, 6), ("[18446744073709551615,1E999]", 23),
    ]

    @Test(arguments: hugeNumbers)
    func `refuses a number that no double can hold`(text: String, column: Int) {
        #expect(refusal(of: text)?.code == .numberOutOfRange)
        #expect(refusal(of: text)?.position == Position(line: 1, column: column))
    }

    @Test func `reports the first fault of the text`() {
        #expect(refusal(of: #"{"a":1,"a":2,}"#)?.code == .syntax)
        #expect(refusal(of: Array("[1 2 \"".utf8) + [0xFF])?.code == .syntax)
        #expect(refusal(of: Array("[\"".utf8) + [0xFF] + Array("\" 1 2".utf8))?.code == .invalidUTF8)
    }

    @Test func `quotes nothing of the text in an error`() {
        let texts = [
            #"{"xyzzy" 1}"#, #"{"xyzzy":1,"xyzzy":2}"#, #"["xyzzy" xyzzy]"#, #"[1e400, "xyzzy"]"#, #"["xyzzy\x"]"#,
            #"["xyzzy\ud800"]"#, #""xyzzy"#, "xyzzy", "\"xyzzy\n\"", #"{"xyzzy\u0000":1}"#,
        ]
        for text in texts {
            let error = refusal(of: text)
            #expect(error != nil)
            #expect(!String(reflecting: error).contains("xyzzy"))
        }
    }
}

@Suite("A string's bytes, of which eight are looked at at once")
struct StringByteTests {
    /// JSON text with a string of plain letters, in which one byte stands at a place.
    private static func text(_ byte: UInt8, at place: Int, of length: Int) -> [UInt8] {
        var letters = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        letters[place] = byte
        return [UInt8(ascii: "\"")] + letters + [UInt8(ascii: "\"")]
    }

    @Test("mean the same wherever they stand")
    func places() {
        for byte in UInt8.min...UInt8.max {
            let isPlain = (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            for place in 0..<33 {
                let taken = (try? Document(Self.text(byte, at: place, of: 33))) != nil
                #expect(taken == isPlain, "byte \(byte) at \(place)")
            }
        }
    }
}
