import SluiceJSON
import SluiceTypes
import Testing

@testable import sluice

/// What of a list fits on a terminal, and what a script gets.
struct TableTests {
    private static func table() -> Table {
        var table = Table(
            ["ID", "TYPE", "MODEL", "COUNT", "CREATED", "WHY"],
            wide: ["TYPE"],
            rigid: ["ID", "COUNT"],
            short: ["CREATED": "AGE"]
        )
        table.add(
            cells: TableCell("0123456789", short: "01234"),
            "chat",
            TableCell(String(repeating: "m", count: 60)),
            "1234567890",
            TableCell("2026-12-01 12:00:00Z", short: "3m"),
            TableCell(String(repeating: "w", count: 90), tone: .bad)
        )
        table.add(cells: "b", "chat", "gpt", "1", TableCell("2026-12-01 12:00:00Z", short: "4m"), "-")
        return table
    }

    @Test("in a pipe all columns are there, whole")
    func pipe() {
        let lines = Self.table().lines
        #expect(lines[0].hasPrefix("ID          TYPE  MODEL"))
        #expect(lines[1].contains(String(repeating: "w", count: 90)) && lines[1].contains("2026-12-01 12:00:00Z"))
        #expect(lines[1].hasPrefix("0123456789  chat  mmm"))
    }

    @Test(
        "on a terminal each row is one line, numbers whole, and what is wide alone left out",
        arguments: [60, 80, 120]
    )
    func terminal(width: Int) {
        let lines = Self.table().lines(width: width)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines[0].split(separator: " ").map(String.init) == ["ID", "MODEL", "COUNT", "AGE", "WHY"])
        #expect(lines[1].hasPrefix("01234  mmm") && lines[1].contains("  1234567890  3m "))
        #expect(lines[1].contains("m…") && lines[1].hasSuffix("w…"))
        #expect(lines[2].hasSuffix("4m   -"))
    }

    @Test("a terminal that is narrower than anything still gets a line a row, and one that asks for all gets all")
    func edges() {
        #expect(Self.table().lines(width: 20).allSatisfy { $0.count <= 20 })
        #expect(Self.table().lines(width: 20, isWide: true) == Self.table().lines)
    }

    @Test("colours are put around a word and change no column")
    func colors() {
        let plain = Self.table().lines(width: 80)
        let painted = Self.table().lines(width: 80, inColor: true)
        #expect(painted[1].contains("\u{1B}[31mw") && painted[1].hasSuffix("\u{1B}[0m"))
        let bare = painted.map { $0.replacing("\u{1B}[31m", with: "").replacing("\u{1B}[0m", with: "") }
        #expect(bare == plain)
    }

    @Test("what a name holds can't move the cursor, turn the text round, or break a line")
    func escapes() {
        var table = Table("NAME")
        table.add("a\u{1B}[2Jb\u{9B}1mc\nd\u{202E}e\u{2066}f\u{0}g")
        #expect(table.lines[1] == "a?[2Jb?1mc?d?e?f?g")
    }

    @Test(
        "how long ago something was is a word",
        arguments: [(0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (172_800, "2d")]
    )
    func ages(seconds: Int64, word: String) {
        let now = Timestamp(milliseconds: 1_900_000_000_000)
        #expect(Age.text(of: now.adding(.seconds(-seconds)), at: now) == word)
        if seconds > 0 { #expect(Age.text(of: now.adding(.seconds(seconds)), at: now) == "in \(word)") }
    }
}

/// What is made of a command line before it is parsed, and of an answer before it is printed.
struct JSONOutputTests {
    private static func picked(_ fields: String, _ json: String) throws -> String {
        String(decoding: try JSONFields(fields).picked(from: try Document(Array(json.utf8)).root), as: UTF8.self)
    }

    @Test("of a list each element has the members that were asked for, in that order")
    func list() throws {
        let json = #"{"jobs":[{"id":"a","status":"dead","n":1},{"id":"b","status":"x","error":{"c":1}}],"next":"b"}"#
        #expect(
            try Self.picked("status, id", json)
                == #"{"jobs":[{"status":"dead","id":"a"},{"status":"x","id":"b"}],"next":"b"}"#
        )
        #expect(
            try Self.picked("error", json) == #"{"jobs":[{"error":null},{"error":{"c":1}}],"next":"b"}"#
        )
        #expect(try Self.picked("id", #"{"jobs":[]}"#) == #"{"jobs":[]}"#)
    }

    @Test("of an object they are its own, a list among them")
    func object() throws {
        let json = #"{"ready":true,"rows":[{"name":"a"}],"up":1}"#
        #expect(try Self.picked("ready,rows", json) == #"{"ready":true,"rows":[{"name":"a"}]}"#)
    }

    @Test("one that is not there is told with those that are")
    func unknown() {
        let error = #expect(throws: Failure.self) { try Self.picked("stauts", #"{"jobs":[{"id":1,"status":2}]}"#) }
        #expect(error?.sentence.contains("did you mean status? It has: id, status.") == true)
    }

    @Test("a word that is no command is told with what was meant, at each level")
    func commands() {
        #expect(
            CommandLineArguments(["tokens", "list"]).unknownCommand?.contains("Did you mean `sluice token`?") == true
        )
        let nested = CommandLineArguments(["token", "lst"]).unknownCommand
        #expect(nested?.contains("Did you mean `sluice token list`?") == true)
        for words in [["token", "list"], ["token"], ["--help"], [], ["help", "nonsense"], ["serve", "nonsense"]] {
            #expect(CommandLineArguments(words).unknownCommand == nil)
        }
    }

    @Test("-v and version are --version, and --json may name members")
    func words() {
        #expect(CommandLineArguments(["-v"]).words == ["--version"])
        #expect(CommandLineArguments(["version"]).words == ["--version"])
        let arguments = CommandLineArguments(["job", "list", "--json=id,status"])
        #expect(arguments.words == ["job", "list", "--json", "--fields", "id,status"])
        #expect(arguments.wantsJSON && !CommandLineArguments(["job", "list"]).wantsJSON)
    }
}
