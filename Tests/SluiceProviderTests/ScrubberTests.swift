import SluiceProvider
import SluiceTypes
import Testing

@Suite("The scrubber")
struct ScrubberTests {
    @Test(
        "takes out what looks like a key or a token",
        arguments: [
            ("Incorrect API key provided: sk-ab***yz. Look.", "Incorrect API key provided: [redacted] Look."),
            ("(sk-proj-AAAA_bbbb-1)", "([redacted])"),
            ("Authorization: Bearer abc.def=", "Authorization: Bearer [redacted]"),
            ("bearer   x", "bearer   [redacted]"),
            ("\"Bearer tok\"", "\"Bearer [redacted]\""),
            ("Basic dXNlcjpwYXNzd29yZA==", "Basic [redacted]"),
            ("token slc_abcd1234_secret is", "token [redacted] is"),
            ("gsk_0123456789 xai-0123456789", "[redacted] [redacted]"),
            ("AIzaSyA0123456789abcdef", "[redacted]"),
        ]
    )
    func tokens(text: String, expected: String) {
        #expect(Scrubber.scrub(text) == expected)
        #expect(Scrubber.scrub(expected) == expected)
        #expect(Scrubber.findsToken(in: text))
    }

    @Test(
        "leaves plain words",
        arguments: ["a risk-free task-based plan", "the basic plan", "sk- and slc_", "forbearer of news", "è 🍰"]
    )
    func words(text: String) {
        #expect(Scrubber.scrub(text) == text)
        #expect(!Scrubber.findsToken(in: text))
    }

    @Test("takes out the secrets that it is told, whatever they look like")
    func told() {
        let text = Scrubber.scrub("key plain-key was plain-keyplain-key", hiding: [Secret("plain-key"), Secret("")])
        #expect(text == "key [redacted] was [redacted][redacted]")
    }

    @Test("makes one space of control and format characters")
    func controls() {
        #expect(Scrubber.scrub("a\r\n\tb\u{0}c\u{1B}[31md\u{202E}e\u{2028}f\u{85}g") == "a b c [31md e f g")
    }

    @Test("keeps at most 500 characters, and never half a token")
    func length() {
        let long = Scrubber.scrub(String(repeating: "é", count: 600))
        #expect(long.count == 500 && long.hasSuffix("é…"))
        // One character for people, which the store's bound counts as what it is.
        let marks = Scrubber.scrub("e" + String(repeating: "\u{301}", count: 1100))
        #expect(marks.unicodeScalars.count == 500)
        let text = String(repeating: "x", count: 490) + " sk-0123456789"
        #expect(!Scrubber.scrub(text).contains("sk-"))
        #expect(Scrubber.scrub(String(repeating: "y", count: 500)).count == 500)
    }
}
