import SluiceJSON
import Testing

@Suite struct WriterTests {
    @Test func `puts commas and colons by itself`() {
        let bytes = JSONWriter.bytes {
            $0.object {
                $0.member("a", 1)
                $0.member("b", array: { _ in })
                $0.member("c", object: { _ in })
                $0.member(
                    "d",
                    array: {
                        $0.value(1)
                        $0.array { $0.value(true) }
                        $0.object { $0.member("x", "y") }
                        $0.null()
                        $0.raw("[ 2 ]".utf8)
                        $0.value(RawJSON("1E2".utf8))
                    }
                )
                $0.key("e")
                $0.value(false)
            }
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"a":1,"b":[],"c":{},"d":[1,[true],{"x":"y"},null,[ 2 ],1E2],"e":false}"#
        )
    }

    @Test func `writes null for nil, or nothing`() {
        var writer = JSONWriter()
        writer.object {
            $0.member("a", String?.none)
            $0.memberIfPresent("b", Int?.none)
            $0.memberIfPresent("c", Int?.some(1))
            $0.member("d", Bool?.some(true))
            $0.memberIfPresent("e", Double?.none)
        }
        #expect(writer.bytesAsString == #"{"a":null,"c":1,"d":true}"#)
    }

    private static let strings: [(String, String)] = [
        ("", #""""#), ("abc", #""abc""#), ("é€😀", #""é€😀""#), ("\"\\", #""\"\\""#), ("/", #""/""#),
        ("\n\r\t", #""\n\r\t""#),
        ("\u{8}\u{c}", #""\b\f""#), ("\0\u{1}\u{f}\u{10}\u{1f}", #""\u0000\u0001\u000f\u0010\u001f""#),
        ("\u{7f}", "\"\u{7f}\""),
        ("\u{2028}", "\"\u{2028}\""), ("a\nb\"c", #""a\nb\"c""#), ("\nx", #""\nx""#), ("x\n", #""x\n""#),
    ]

    @Test(arguments: strings)
    func `escapes quotation marks, backslashes and control characters alone`(string: String, text: String) throws {
        #expect(JSONWriter.bytes { $0.value(string) } == Array(text.utf8))
        #expect(try Document(text).root.string == string)
        #expect(JSONWriter.bytes { $0.object { $0.member(string, 1) } } == Array("{\(text):1}".utf8))
    }

    private static let doubles: [(Double, String)] = [
        (0.7, "0.7"), (1, "1.0"), (-0.0, "-0.0"), (0.1 + 0.2, "0.30000000000000004"), (1e16, "1e+16"),
        (.leastNonzeroMagnitude, "5e-324"),
        (1e-7, "1e-07"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.nan, "null"), (.infinity, "null"),
        (-.infinity, "null"),
    ]

    @Test(arguments: doubles)
    func `writes doubles in their shortest spelling`(number: Double, text: String) {
        #expect(JSONWriter.bytes { $0.value(number) } == Array(text.utf8))
    }

    @Test func `writes integers to the ends of their range`() {
        let bytes = JSONWriter.bytes {
            $0.array {
                $0.value(Int.min)
                $0.value(Int64.max)
                $0.value(0)
            }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "[-9223372036854775808,9223372036854775807,0]")
    }

    @Test func `writes what is read back as it was`() throws {
        let seed: UInt64 = 99
        var random = SeededNumbers(seed: seed)
        for round in 0..<3000 {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random))
            }
            var string = ""
            string.unicodeScalars.append(contentsOf: scalars)
            let number = Double(bitPattern: random.next())
            let bytes = JSONWriter.bytes {
                $0.array {
                    $0.value(string)
                    $0.value(number)
                }
            }
            let root = try Document(bytes).root
            #expect(root[0]?.string.map { Array($0.utf8) } == Array(string.utf8), "seed \(seed), round \(round)")
            #expect(root[1]?.number == (number.isFinite ? number : nil), "seed \(seed), round \(round)")
        }
    }

    @Test func `writes a text that is spelled already as it is, whole and in pieces`() {
        let text = Array(#""a\/\u00e9""#.utf8)
        let bytes = JSONWriter.bytes { writer in
            writer.array { array in
                array.spelled(text.dropFirst().dropLast())
                array.spelled(pieces: [text[1..<2], text[2..<2], text[2..<10]])
                array.spelled([])
                array.spelled(pieces: [])
                array.raw(text[...])
            }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == #"["a\/\u00e9","a\/\u00e9","","","a\/\u00e9"]"#)
    }
}
