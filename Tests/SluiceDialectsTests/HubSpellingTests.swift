import SluiceJSON
import SluiceProvider
import Testing

@testable import SluiceDialects

@Suite("A text as it is spelled")
struct HubSpellingTests {
    @Test("is read, written and compared by its spelling")
    func text() throws {
        let root = try Document(Array(#"["a\/\u00e9\ud83d\ude00\"","a/é😀\""]"#.utf8)).root
        let spelled = try #require(SpelledText(root[0]))
        let plain = try #require(SpelledText(root[1]))
        #expect(spelled.string == plain.string)
        #expect(spelled.string == "a/é😀\"")
        #expect(spelled != plain)
        #expect(SpelledText("a/é😀\"") == plain)
        #expect(JSONWriter.bytes { $0.value(spelled) } == Array(#""a\/\u00e9\ud83d\ude00\"""#.utf8))
        #expect(SpelledText(spelling: Array(#"\ud83d"#.utf8)[...]).string == "\u{FFFD}")
        #expect(SpelledText(root) == nil)
        #expect("\(spelled)" == "text of 23 bytes")
    }

    @Test(
        "is taken apart where it is a data URL, and put together as it was",
        arguments: [
            (#"data:image\/png;base64,iVB\/"#, true), ("data:application/pdf;base64,", true),
            ("data:;base64,AA", true), ("data:text/plain,hi", false),
            ("data:text/plain;charset=utf-8;base64,AA", false),
            ("https://example.test/;base64,AA", false), ("", false), ("data:", false),
        ]
    )
    func dataURL(url: String, isData: Bool) throws {
        let text = SpelledText(spelling: Array(url.utf8)[...])
        let source = DataURL.source(text)
        if case .base64 = source { #expect(isData) } else { #expect(!isData) }
        let pieces = try #require(DataURL.pieces(source))
        #expect(pieces.flatMap { Array($0) } == Array(url.utf8))
    }
}
