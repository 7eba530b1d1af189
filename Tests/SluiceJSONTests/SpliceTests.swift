import SluiceJSON
import Testing

@Suite struct SpliceTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let members: [(String, [String], [(String, String)], String)] = [
        ("{}", ["a"], [], "{}"), ("{\"a\":1}", [], [], "{\"a\":1}"), ("{\"a\":1}", ["a"], [], "{}"),
        ("{ \"a\" : 1 , \"b\":2 }", ["a"], [], "{ \"b\":2 }"), ("{\"a\":1 , \"b\":2 }", ["b"], [], "{\"a\":1  }"),
        ("{\"a\":1,\"b\":2,\"c\":3}", ["b"], [], "{\"a\":1,\"c\":3}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", ["a", "b"], [], "{\"c\":3}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", ["b", "c"], [], "{\"a\":1}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", ["a", "c"], [], "{\"b\":2}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", ["a", "b", "c"], [], "{}"),
        (#"{"\u0061":",","b":"a"}"#, ["a"], [], #"{"b":"a"}"#),
        ("{\"a\":{\"a\":1}}", ["b"], [], "{\"a\":{\"a\":1}}"), ("{\"\":1,\"b\":2}", [""], [], "{\"b\":2}"),
        ("{}", [], [("a", "1")], "{\"a\":1}"), ("{\"b\":2}", ["b"], [("a", "1"), ("c", "[]")], "{\"a\":1,\"c\":[]}"),
        ("{\"b\" : 2 }", [], [("a", "1"), ("b", "null")], "{\"b\" : null ,\"a\":1}"),
        ("{\"a\":1,\"b\":2}", ["b"], [("c", "3")], "{\"a\":1,\"c\":3}"), ("{}", [], [("q\"", "1")], #"{"q\"":1}"#),
        ("[{\"a\":1}]", ["a"], [("b", "2")], "[{\"a\":1}]"), ("7", ["a"], [("b", "2")], "7"),
        // Names that are there twice, as only a text can have them that nobody judged.
        ("{\"a\":1,\"a\":2,\"b\":3}", ["a"], [], "{\"b\":3}"),
        ("{\"a\":1,\"b\":3,\"a\":2}", [], [("a", "9")], "{\"a\":9,\"b\":3}"),
    ]

    @Test(arguments: members)
    func `changes members and leaves all else`(
        text: String,
        names: [String],
        members: [(String, String)],
        expected: String
    ) throws {
        let document = try Document(indexing: SpliceTests.bytes(" \(text)\n"))
        let settings = members.map { (name: $0.0, value: SpliceTests.bytes($0.1)) }
        var splice = Splice(document)
        splice.change(document.root, cutting: names, setting: settings)
        #expect(String(decoding: splice.text, as: UTF8.self) == " \(expected)\n")
        var inner = Splice(document.root)
        inner.change(document.root, cutting: names, setting: settings)
        #expect(String(decoding: inner.text, as: UTF8.self) == expected)
        #expect(inner.isEmpty == (inner.text == SpliceTests.bytes(text)))
    }

    @Test(arguments: [
        ("[]", "[]"), ("[0]", "[]"), ("[1]", "[1]"), ("[0,1]", "[1]"), ("[1,0]", "[1]"), ("[ 0 , 0 , 1 ]", "[ 1 ]"),
        ("[1, 0 ,0, 1]", "[1 , 1]"), ("[0,1,0,1,0]", "[1,1]"), ("[0,0,0]", "[]"), ("{\"a\":0}", "{\"a\":0}"),
    ])
    func `cuts elements`(text: String, expected: String) throws {
        let document = try Document(text)
        var splice = Splice(document)
        splice.cut(from: document.root) { $0.integer == 0 }
        #expect(String(decoding: splice.text, as: UTF8.self) == expected)
    }

    @Test func `changes at every depth, in any order`() throws {
        let document = try Document(#"{"x":[{"id":1,"k":"\/"},{"id":2}], "y":{"z":[ 1E2 ]},"w":0}"#)
        let root = document.root
        var splice = Splice(document)
        splice.change(root, cutting: ["w"], setting: [("v", [UInt8(ascii: "5")])])
        for element in root[key: "x"]?.elements ?? [] { splice.change(element, cutting: ["id"]) }
        if let z = root[key: "y"]?[key: "z"] { splice.replace(z, by: Array("null".utf8)) }
        #expect(String(decoding: splice.text, as: UTF8.self) == #"{"x":[{"k":"\/"},{}], "y":{"z":null},"v":5}"#)
    }

    @Test func `loses what stands in something that is taken away`() throws {
        let document = try Document(#"{"x":[{"id":1},{"id":2}],"y":{"id":3}}"#)
        let root = document.root
        var splice = Splice(document)
        for element in root[key: "x"]?.elements ?? [] { splice.change(element, cutting: ["id"]) }
        if let x = root[key: "x"] { splice.cut(from: x) { $0[key: "id"]?.integer == 1 } }
        if let y = root[key: "y"] { splice.change(y, setting: [("id", [UInt8(ascii: "4")])]) }
        splice.change(root, cutting: ["y"])
        #expect(String(decoding: splice.text, as: UTF8.self) == #"{"x":[{}]}"#)
    }

    @Test func `knows nothing of another text's values`() throws {
        let document = try Document(#"{"a":1}"#)
        let other = try Document(#"{"a":{"b":[0]}}"#)
        var splice = Splice(document)
        splice.replace(other.root, by: [])
        splice.change(other.root, cutting: ["a"])
        if let array = other.root[key: "a"]?[key: "b"] { splice.cut(from: array) { _ in true } }
        #expect(splice.isEmpty && splice.text == document.bytes)
    }

    @Test func `leaves JSON behind`() throws {
        var numbers = SeededNumbers(seed: UInt64.random(in: 1...UInt64.max))
        for _ in 0..<500 {
            let names = ["a", "b", "c", "d"].filter { _ in Bool.random(using: &numbers) }
            let space = ["", " ", "\n\t"].randomElement(using: &numbers) ?? ""
            let inner = names.map { "\(space)\"\($0)\"\(space):\(space)[1,{\"a\":0}]\(space)" }.joined(separator: ",")
            let text = "{\(inner)}"
            let document = try Document(text)
            let cut = names.filter { _ in Bool.random(using: &numbers) }
            let set = ["a", "b", "x"].filter { !cut.contains($0) && Bool.random(using: &numbers) }
            var splice = Splice(document)
            splice.change(document.root, cutting: cut, setting: set.map { ($0, Array("7".utf8)) })
            let left = try Document(splice.text).root
            let expected = names.filter { !cut.contains($0) } + set.filter { !names.contains($0) }
            #expect(left.members.map(\.key) == expected, "\(text) without \(cut) with \(set)")
            for name in set { #expect(left[key: name]?.integer == 7) }
        }
    }
}
