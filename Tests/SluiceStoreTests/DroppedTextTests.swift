import Testing

@testable import SluiceSQLite

@Suite("The names of what was left out of a request")
struct DroppedTextTests {
    @Test("are read as they were written", arguments: [[], ["logit_bias"], ["a\"b", "\\", "ü\u{0}", ""]])
    func readBack(names: [String]) {
        #expect(DroppedText.names(in: DroppedText.text(names)) == names)
    }

    @Test("are kept from the first on, as many as have room", arguments: [1, 9, 1000, 20_000])
    func bounded(length: Int) {
        let names = (0..<20_000).map { String(repeating: "\"", count: length - 1) + "\($0 % 10)" }
        let text = DroppedText.text(names)
        #expect(text.utf8.count <= DroppedText.mostBytes)
        let kept = DroppedText.names(in: text)
        #expect(kept == Array(names.prefix(kept.count)))
        // The next one would not have had room.
        #expect(text.utf8.count + 2 * length + 2 > DroppedText.mostBytes)
    }

    @Test("are none in what nobody wrote so", arguments: ["", "{}", "[1", "word"])
    func foreign(text: String) {
        #expect(DroppedText.names(in: text).isEmpty)
    }
}
