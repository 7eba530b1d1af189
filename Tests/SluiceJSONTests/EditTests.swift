import SluiceJSON
import Testing

private func set(_ name: String, _ value: String) -> MemberEdit { .set(name, Array(value.utf8)) }

@Suite struct EditTests {
    private static let edits: [(String, [MemberEdit], String)] = [
        // Nothing to do.
        ("{}", [], "{}"), (" { } ", [.remove("a")], " { } "), ("{\"a\" : 1}", [.rename("b", to: "a")], "{\"a\" : 1}"),
        ("{\"a\" : 1}", [.rename("a", to: "a")], "{\"a\" : 1}"),
        (#"{"\u0061":1}"#, [.rename("a", to: "a")], #"{"\u0061":1}"#),
        // Roots that are no objects.
        ("[1]", [set("a", "1")], "[1]"), ("null", [.remove("a")], "null"), (" 1 ", [set("a", "no")], " 1 "),
        // Set.
        ("{}", [set("a", "1")], "{\"a\":1}"), ("{ }", [set("a", "1")], "{\"a\":1 }"),
        ("{\"a\":1}", [set("a", "2")], "{\"a\":2}"), ("{\"a\":1}", [set("b", "2")], "{\"a\":1,\"b\":2}"),
        ("{\"a\" : 1 , \"b\" : 2 }", [set("a", "[ 3 ]")], "{\"a\" : [ 3 ] , \"b\" : 2 }"),
        ("{\n  \"a\": 1\n}\n", [set("b", "2")], "{\n  \"a\": 1,\"b\":2\n}\n"),
        (#"{"\u0061":1}"#, [set("a", "2")], #"{"\u0061":2}"#), ("{}", [set("\"\n\\é", "1")], #"{"\"\n\\é":1}"#),
        ("{\"x\":{\"a\":1},\"a\":2}", [set("a", "3")], "{\"x\":{\"a\":1},\"a\":3}"),
        ("{}", [set("a", "1"), set("a", "2"), set("b", "3")], "{\"a\":2,\"b\":3}"),
        ("{}", [set("a", #"{"b":[1,{"c":null}]}"#)], #"{"a":{"b":[1,{"c":null}]}}"#),
        // Remove.
        ("{\"a\":1}", [.remove("a")], "{}"), ("{\"a\":1,\"b\":2}", [.remove("a")], "{\"b\":2}"),
        ("{\"a\":1,\"b\":2}", [.remove("b")], "{\"a\":1}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", [.remove("b")], "{\"a\":1,\"c\":3}"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", [.remove("b")], "{\n  \"a\": 1\n}"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", [.remove("a")], "{\n  \"b\": 2\n}"),
        ("{\n  \"a\": 1 ,\n  \"b\": 2\n}", [.remove("a"), .remove("b")], "{\n}"),
        ("{\"a\":1,\"b\":2}", [.remove("a"), set("a", "3")], "{\"b\":2,\"a\":3}"),
        (#"{"\u0061":1,"b":2}"#, [.remove("a")], #"{"b":2}"#),
        ("{\"x\":{\"a\":1}}", [.remove("a")], "{\"x\":{\"a\":1}}"),
        // Rename.
        ("{\"a\" : 1,\"b\":2}", [.rename("a", to: "c")], "{\"c\" : 1,\"b\":2}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", [.rename("c", to: "a")], "{\"b\":2,\"a\":3}"),
        ("{\"a\":1,\"b\":2,\"c\":3}", [.rename("a", to: "c")], "{\"c\":1,\"b\":2}"),
        ("{\"a\":1}", [.rename("a", to: "b"), set("b", "2"), .rename("b", to: "c")], "{\"c\":2}"),
        (
            "{\"a\":1,\"b\":2}", [.rename("a", to: "t"), .rename("b", to: "a"), .rename("t", to: "b")],
            "{\"b\":1,\"a\":2}"
        ),
        ("{\"a\":1}", [.rename("a", to: "q\"")], #"{"q\"":1}"#),
        // Names are compared by their bytes.
        ("{\"caf\u{e9}\":1}", [set("cafe\u{301}", "2")], "{\"caf\u{e9}\":1,\"cafe\u{301}\":2}"),
        ("{\"caf\u{e9}\":1}", [.rename("caf\u{e9}", to: "cafe\u{301}")], "{\"cafe\u{301}\":1}"),
        // Spelling.
        (
            #"{ "t" : 0.7, "e":1E2 ,"s":"\/\u00e9", "n":18446744073709551615, "x": { "a" : [ 1 , 2 ] } }"#,
            [set("m", "1.50"), .remove("zzz")],
            #"{ "t" : 0.7, "e":1E2 ,"s":"\/\u00e9", "n":18446744073709551615, "x": { "a" : [ 1 , 2 ] },"m":1.50 }"#
        ),
    ]

    @Test(arguments: [1, 2, UInt64.random(in: 3...UInt64.max)])
    func `takes a member out of the text as the edit does`(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let spaces = ["", " ", "\n  ", "\t"]
        let members = [#""a":1"#, #""\u0062":{"x":[1,2]}"#, #""c" : ",""#, #""usage":null"#, #""usage" : {"a":[{}]}"#]
        for round in 0..<500 {
            var names: Set<String> = []
            let chosen = members.shuffled(using: &numbers).prefix(Int.random(in: 0...5, using: &numbers)).filter {
                names.insert(String($0.prefix { $0 != ":" }.filter { $0 != " " })).inserted
            }
            let space = { (numbers: inout SeededNumbers) in spaces.randomElement(using: &numbers) ?? "" }
            let inner = chosen.map { space(&numbers) + $0 + space(&numbers) }.joined(separator: ",")
            let document = try Document(space(&numbers) + "{" + inner + "}" + space(&numbers))
            for name in ["a", "b", "c", "usage", "d"] {
                let edited = try document.applying([.remove(name)])
                let expected = edited.bytes == document.bytes ? nil : edited.bytes
                #expect(document.text(without: name) == expected, "seed \(seed), round \(round): \(document.text)")
            }
        }
    }

    @Test(arguments: edits)
    func `edits the members of the root and leaves the rest`(text: String, edits: [MemberEdit], result: String) throws {
        let edited = try Document(text).applying(edits)
        #expect(Array(edited.bytes) == Array(result.utf8), "\(edited.text)")
        // The index of the result is that of its text.
        #expect(edited.root.members.map(\.key) == (try Document(result).root.members.map(\.key)))
        #expect(edited.root.members.map(\.value.text) == (try Document(result).root.members.map(\.value.text)))
    }

    private static let badValues: [(String, JSONError.Code, Int?)] = [
        ("", .empty, nil), ("x", .syntax, 1), ("1,\"b\":2", .syntax, 2), ("1}", .syntax, 2), ("\"", .syntax, 2),
        ("{\"a\":1,\"a\":2}", .duplicateKey, 8), ("1e400", .numberOutOfRange, 1), ("NaN", .syntax, 1),
    ]

    @Test(arguments: badValues)
    func `refuses a value that is no JSON text, at its place in the value`(
        value: String,
        code: JSONError.Code,
        column: Int?
    ) throws {
        let document = try Document(#"{"a":1}"#)
        let error = #expect(throws: JSONError.self) { try document.applying([set("b", value)]) }
        #expect(error?.code == code)
        #expect(error?.position?.column == column)
    }

    @Test func `refuses a value that was replaced later all the same`() throws {
        let document = try Document("{}")
        #expect(throws: JSONError.self) { try document.applying([set("b", "x"), set("b", "1")]) }
    }

    @Test func `holds the result to the limits of the document`() throws {
        let tight = try Document(#"{"a":[1]}"#, limits: JSONLimits(depth: 2, scalars: 1, containers: 2))
        #expect(throws: JSONError.self) { try tight.applying([set("b", "1")]) }
        #expect(throws: JSONError.self) { try tight.applying([set("a", "[[]]")]) }
        #expect(try tight.applying([set("a", "[2]")]).text == #"{"a":[2]}"#)
        let wide = try Document(
            String(repeating: #"{"a":"#, count: 70) + "1" + String(repeating: "}", count: 70),
            limits: JSONLimits(depth: 80)
        )
        #expect(try wide.applying([set("b", "1")]).root[key: "b"]?.integer == 1)
    }

    @Test func `edits like a dictionary that keeps its order`() throws {
        let seed: UInt64 = 4711
        var random = SeededNumbers(seed: seed)
        for round in 0..<3000 {
            var pairs: [(String, String)] = []
            for name in ["a", "b", "c", "d"].shuffled(using: &random).prefix(.random(in: 0...4, using: &random)) {
                pairs.append((name, "\(Int.random(in: 0...9, using: &random))"))
            }
            let space = { (random: inout SeededNumbers) in [" ", "", "\n", "\t"].randomElement(using: &random) ?? "" }
            var text = space(&random) + "{"
            for (place, pair) in pairs.enumerated() {
                text +=
                    (place > 0 ? "," : "") + space(&random) + "\"\(pair.0)\"" + space(&random) + ":" + space(&random)
                text += pair.1 + space(&random)
            }
            text += space(&random) + "}" + space(&random)
            var edits: [MemberEdit] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) { edits.append(edit(&pairs, using: &random)) }
            let edited = try Document(text).applying(edits)
            let found = try Document(edited.bytes).root.members.map { [$0.key, $0.value.text] }
            #expect(found == pairs.map { [$0.0, $0.1] }, "seed \(seed), round \(round)")
        }
    }

    /// Carries out a random edit on `pairs` and returns it.
    private func edit(_ pairs: inout [(String, String)], using random: inout SeededNumbers) -> MemberEdit {
        let names = ["a", "b", "c", "d", "e"]
        let name = names.randomElement(using: &random) ?? "a"
        let other = names.randomElement(using: &random) ?? "b"
        let place = pairs.firstIndex { $0.0 == name }
        switch Int.random(in: 0...2, using: &random) {
        case 0:
            if let place { pairs[place].1 = "true" } else { pairs.append((name, "true")) }
            return SluiceJSONTests.set(name, "true")
        case 1:
            if let place { pairs.remove(at: place) }
            return .remove(name)
        default:
            if let place, name != other {
                pairs[place].0 = other
                if let taken = pairs.indices.first(where: { $0 != place && pairs[$0].0 == other }) {
                    pairs.remove(at: taken)
                }
            }
            return .rename(name, to: other)
        }
    }
}
