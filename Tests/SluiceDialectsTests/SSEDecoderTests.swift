import SluiceDialects
import SluiceProvider
import Testing

@Suite("The decoder of event streams")
struct SSEDecoderTests {
    private func decode(_ pieces: [[UInt8]], ends: Bool = false) -> [String] {
        var decoder = SSEDecoder()
        var events = pieces.flatMap { decoder.feed($0) }
        if ends, let last = decoder.finish() { events.append(last) }
        return events.map { String(decoding: $0.data, as: UTF8.self) }
    }

    @Test(
        "reads every form of line, comment and field",
        arguments: [
            ("data: a\n\n", ["a"]),
            ("data: a\r\rdata: b\r\r", ["a", "b"]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
            ("data: a\n\r\ndata: b\r\r\n", ["a", "b"]),
            ("data:a\ndata: b\ndata:  c\n\n", ["a\nb\n c"]),
            ("data\n\n", [""]),
            ("data:\ndata:\n\n", ["\n"]),
            ("\u{FEFF}data: a\n\n", ["a"]),
            ("data: a\n\n\u{FEFF}data: b\n\n", ["a"]),
            (": note\n\nid: 1\nretry: 5\nevent: x\ndata: a\n\n", ["a"]),
            ("event: x\n\ndata: a\n\n", ["a"]),
            ("database: no\n\nDATA: no\n\n", []),
            ("\n\n\n", []),
            ("data: è🍰\n\n", ["è🍰"]),
            ("data: unfinished\n", []),
        ]
    )
    func forms(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        #expect(decode([bytes]) == expected)
        #expect(decode(bytes.map { [$0] }) == expected)
        for cut in 0...bytes.count {
            #expect(decode([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test("tells an event's name, and forgets it with the event")
    func names() {
        var decoder = SSEDecoder()
        let events = decoder.feed(Array("event: error\ndata: a\n\ndata: b\n\nevent: lost\n\ndata: c\n\n".utf8))
        #expect(events.map(\.name) == ["error", nil, nil])
    }

    @Test("completes an event at a clean end, whatever of its line ends is missing", arguments: ["", "\n", "\r\n"])
    func cleanEnd(lineEnd: String) {
        #expect(decode([Array("data: a\n\ndata: b\(lineEnd)".utf8)], ends: true) == ["a", "b"])
        #expect(decode([Array("data: a\n\n: note\(lineEnd)".utf8)], ends: true) == ["a"])
    }

    @Test("takes an event as long as an answer may be")
    func length() {
        let text = String(repeating: "x", count: 9 << 20)
        #expect(decode([Array("data: \(text)\n\n".utf8)]) == [text])
    }
}
