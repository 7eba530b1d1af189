import SluiceJSON
import Testing

@Suite struct ReadingTests {
    private static let strings: [(String, String)] = [
        (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""a\u0000b""#, "a\0b"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10ffff}"),
        ("\"é€😀\u{7f}\"", "é€😀\u{7f}"), (#""\uffff\ufeff""#, "\u{ffff}\u{feff}"), (#""\\u0041""#, "\\u0041"),
        (#""x\\""#, "x\\"), (#""\ud83d\ude00é\n😀""#, "😀é\n😀"),
    ]

    @Test(arguments: strings)
    func `decodes strings`(text: String, string: String) throws {
        let value = try Document(" " + text + " ").root
        #expect(value.kind == .string)
        #expect(value.string.map { Array($0.utf8) } == Array(string.utf8))
        #expect(value.text == text)
    }

    private static let integers: [(String, Int64?)] = [
        ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("999999999999999999", 999_999_999_999_999_999),
        ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
        ("-9223372036854775809", nil), ("18446744073709551615", nil), ("1.0", nil), ("1e2", nil), ("1E0", nil),
        ("-0.0", nil), ("10000000000000000000000000000000000000000", nil),
    ]

    @Test(arguments: integers)
    func `reads integers that fit 64 bits and are written as such`(text: String, integer: Int64?) throws {
        #expect(try Document(text).root.integer == integer)
    }

    private static let doubles: [(String, Double)] = [
        ("0", 0), ("1", 1), ("-1", -1), ("0.7", 0.7), ("1E2", 100), ("1e-2", 0.01), ("1.5e+3", 1500), ("-0.0", -0.0),
        ("18446744073709551615", 0x1p64), ("9007199254740993", 9_007_199_254_740_992),
        ("9223372036854775807", 0x1p63), ("1e-400", 0), ("5e-324", .leastNonzeroMagnitude),
        ("4.9e-324", .leastNonzeroMagnitude),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ("2.2250738585072011e-308", Double(bitPattern: 0x000f_ffff_ffff_ffff)),
        ("0.1000000000000000055511151231257827021181583404541015625", 0.1),
        ("123456789012345678901234567890", 1.2345678901234568e29),
    ]

    @Test(arguments: doubles)
    func `reads the nearest double`(text: String, number: Double) throws {
        let value = try Document(text).root
        #expect(value.kind == .number)
        #expect(value.number == number)
    }

    @Test func `gives nil for the other kinds`() throws {
        let texts = ["{}", "[]", "\"1\"", "1", "true", "null"]
        let values = try texts.map { try Document($0).root }
        #expect(values.map(\.kind) == [.object, .array, .string, .number, .boolean, .null])
        #expect(values.map(\.string) == [nil, nil, "1", nil, nil, nil])
        #expect(values.map(\.integer) == [nil, nil, nil, 1, nil, nil])
        #expect(values.map(\.number) == [nil, nil, nil, 1, nil, nil])
        #expect(values.map(\.boolean) == [nil, nil, nil, nil, true, nil])
        #expect(values.map(\.isNull) == [false, false, false, false, false, true])
        #expect(values.allSatisfy { $0.members.isEmpty && $0.elements.isEmpty && $0[0] == nil && $0[key: "1"] == nil })
        #expect(try Document("false").root.boolean == false)
    }

    @Test func `gives members in the order of the text`() throws {
        let root = try Document(#"{"z":1,"a":{"z":[1,{"q":2}],"b":3},"m":[],"":4,"\u0062":5}"#).root
        #expect(root.members.map(\.key) == ["z", "a", "m", "", "b"])
        #expect(root.members.map(\.value.text) == ["1", #"{"z":[1,{"q":2}],"b":3}"#, "[]", "4", "5"])
        #expect(root[key: "a"]?.members.map(\.key) == ["z", "b"])
        #expect(root[key: "b"]?.integer == 5)
        #expect(root[key: ""]?.integer == 4)
        #expect(root[key: "q"] == nil)
        #expect(root[key: "A"] == nil)
        #expect(root[0] == nil)
    }

    @Test(arguments: ["caf\u{e9}|cafe\u{301}", #"caf\u00e9|cafe\u0301"#, "caf\u{e9}|cafe\\u0301"])
    func `finds a member by the bytes of its name`(names: String) throws {
        let keys = names.split(separator: "|")
        let root = try Document(#"{"\#(keys[1])":2,"a\/b":3,"\#(keys[0])":1}"#).root
        #expect(root[key: "caf\u{e9}"]?.integer == 1)
        #expect(root[key: "cafe\u{301}"]?.integer == 2)
        #expect(root[key: "a/b"]?.integer == 3)
        #expect(root[key: "a\\/b"] == nil)
        #expect(root[key: "caf"] == nil)
    }

    @Test func `gives elements by their place`() throws {
        let root = try Document("[[1,[2]],{\"a\":[3]},\"x\",4]").root
        #expect(root.elements.map(\.text) == ["[1,[2]]", "{\"a\":[3]}", "\"x\"", "4"])
        #expect((0..<4).map { root[$0]?.text } == ["[1,[2]]", "{\"a\":[3]}", "\"x\"", "4"])
        #expect(root[-1] == nil)
        #expect(root[4] == nil)
        #expect(root[.max] == nil)
        #expect(root[.min] == nil)
        #expect(root[0]?[1]?[0]?.integer == 2)
        #expect(root[key: "a"] == nil)
    }

    @Test func `names each place by a pointer`() throws {
        let root = try Document(#"{"a/b":[0,{"m~n":{"":[true]}}],"~1":1,"\u002f":2,"é\"":3}"#).root
        #expect(root.pointer == "")
        #expect(root[key: "a/b"]?.pointer == "/a~1b")
        #expect(root[key: "a/b"]?[1]?[key: "m~n"]?[key: ""]?[0]?.pointer == "/a~1b/1/m~0n//0")
        #expect(root[key: "~1"]?.pointer == "/~01")
        #expect(root[key: "/"]?.pointer == "/~1")
        #expect(root[key: "é\""]?.pointer == "/é\"")
    }

    @Test func `tells where a value starts`() throws {
        let root = try Document("\n{\n  \"é\": [1,\n\t{ \"b\" : null }]}").root
        #expect(root.position == Position(line: 2, column: 1))
        #expect(root[key: "é"]?.position == Position(line: 3, column: 9))
        #expect(root[key: "é"]?[1]?[key: "b"]?.position == Position(line: 4, column: 10))
    }

    @Test func `keeps the spelling of every value`() throws {
        let text = #"{"a":0.7,"b":1E2,"c":"\/","d":18446744073709551615,"e":-0,"f":1.0,"g": [ 1 , 2 ] }"#
        let spellings = try Document(text).root.members.map(\.value.text)
        #expect(spellings == ["0.7", "1E2", #""\/""#, "18446744073709551615", "-0", "1.0", "[ 1 , 2 ]"])
    }

    @Test func `outlives the document it came from`() throws {
        func value() throws -> JSONValue? { try Document(#"{"a":["x"]}"#).root[key: "a"]?[0] }
        #expect(try value()?.string == "x")
        #expect(try value()?.pointer == "/a/0")
    }

    @Test func `shows nothing of the text when printed`() throws {
        let document = try Document(#"{"xyzzy":"xyzzy"}"#)
        var text = "\(document) \(document.root) \(document.root.members[0].value)"
        print(document, document.root, String(reflecting: document), to: &text)
        dump(document, to: &text)
        dump(document.root, to: &text)
        #expect(!text.contains("xyzzy"))
        #expect(!text.contains("120"), "the letter x as a byte")
    }

    @Test func `is read by many tasks at once`() async throws {
        let members = (0..<200).map { #""k\#($0)":{"n":[\#($0),\#($0).5,18446744073709551615],"s":"\u00e9\#($0)\n"}"# }
        let document = try Document("{" + members.joined(separator: ",") + "}")
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { @concurrent in
                    (0..<200).filter { number in
                        let member = document.root[key: "k\(number)"]
                        return member?[key: "n"]?[0]?.integer == Int64(number)
                            && member?[key: "n"]?[1]?.number == Double(number) + 0.5
                            && member?[key: "n"]?[2]?.number == 0x1p64
                            && member?[key: "s"]?.string == "é\(number)\n" && member?.pointer == "/k\(number)"
                            && (try? Document(document.bytes))?.root.members.count == 200
                    }.count
                }
            }
            for await count in group { #expect(count == 200) }
        }
    }
}
