import Logging
import SluiceJSON
import SluiceTypes
import Testing

@testable import sluice

@Suite struct OutputTests {
    @Test func columnsStandBelowEachOtherWithoutSpacesAtTheEnd() {
        var table = Table("ID", "NAME")
        table.add("1", "a")
        table.add("long one", "b")
        #expect(table.lines == ["ID        NAME", "1         a", "long one  b"])
    }

    @Test func aTerminalIsSentNoEscapeSequences() {
        #expect(Printable.line("a\u{1B}[31mb\nc\r\nd") == "a?[31mb?c?d")
        #expect(Printable.line("Grüße 👋") == "Grüße 👋")
    }

    @Test(arguments: [
        ("a b", "a%20b"), ("ä", "%C3%A4"), ("a/b?c=d&e", "a%2Fb%3Fc%3Dd%26e"), ("A-Z_a.z~9", "A-Z_a.z~9"),
    ])
    func whatIsNotUnreservedIsEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test func aMomentIsShownToTheSecond() throws {
        let root = try Document(Array(#"{"at":"2026-11-24T19:05:47.123Z","none":null}"#.utf8)).root
        #expect(Cell.moment(root[key: "at"]) == "2026-11-24 19:05:47Z")
        #expect(Cell.moment(root[key: "none"]) == "-")
        #expect(Cell.moment(root[key: "missing"]) == "-")
    }

    @Test func aProblemIsToldAsItsSentenceAndItsFurtherFaults() {
        let body =
            #"{"detail":"/prompt: is required","errors":[{"pointer":"/prompt","detail":"is required"},"#
            + #"{"pointer":"/model","detail":"is no model","line":3}]}"#
        let error = #expect(throws: Failure.self) { try Reply(status: 400, body: Array(body.utf8)).checked() }
        #expect(error?.sentence == "prompt: is required\nline 3 /model: is no model")
    }

    @Test func aSentenceAboutAllFaultsIsToldWithEachOfThem() {
        let body =
            #"{"detail":"the file is faulty","errors":[{"pointer":"/a","detail":"is odd","line":2,"column":7},"#
            + #"{"pointer":"","detail":"can't be read"}]}"#
        let error = #expect(throws: Failure.self) { try Reply(status: 422, body: Array(body.utf8)).checked() }
        #expect(error?.sentence == "the file is faulty\n  line 2, column 7 /a: is odd\n  can't be read")
        #expect(error?.problem == Array(body.utf8))
    }

    @Test func anAnswerWithoutJSONIsNoGateways() {
        let error = #expect(throws: Failure.self) { try Reply(status: 200, body: Array("<html>".utf8)).checked() }
        #expect(error?.sentence.contains("200") == true)
    }

    @Test func numbersAreNumbersInTheLogForMachines() throws {
        var event = Self.event
        event.metadata = ["status": .stringConvertible(200), "durationMs": .stringConvertible(5.446), "name": "200"]
        let line = JSONLogHandler(level: .info, to: LogSink { _ in [] }).line(event, at: Timestamp(milliseconds: 0))
        let root = try Document(line.dropLast()).root
        #expect(root[key: "status"]?.integer == 200)
        #expect(root[key: "durationMs"]?.number == 5.446)
        #expect(root[key: "name"]?.string == "200")
    }

    private static let event = LogEvent(
        level: .info,
        message: "two\nlines",
        metadata: ["b": "x y", "a": ["k": "v"], "level": "mine"],
        source: nil,
        file: "f",
        function: "g",
        line: 1
    )

    @Test func aTextLogLineIsOneLine() {
        let line = TextLogHandler(level: .info, to: LogSink { _ in [] }).line(
            Self.event,
            at: Timestamp(milliseconds: 0)
        )
        #expect(line.filter(\.isNewline).count == 1)
        #expect(line.hasPrefix("1970-01-01T00:00:00.000Z info two?lines a="))
        #expect(line.contains("b=\"x y\""))
    }

    @Test func aJSONLogLineIsOneObjectWhoseOwnMembersNobodyReplaces() throws {
        let line = JSONLogHandler(level: .info, to: LogSink { _ in [] }).line(
            Self.event,
            at: Timestamp(milliseconds: 0)
        )
        #expect(line.last == UInt8(ascii: "\n") && line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        let root = try Document(Array(line.dropLast())).root
        #expect(root[key: "level"]?.string == "info")
        #expect(root[key: "_level"]?.string == "mine")
        #expect(root[key: "message"]?.string == "two\nlines")
        #expect(root[key: "a"]?[key: "k"]?.string == "v")
    }
}
