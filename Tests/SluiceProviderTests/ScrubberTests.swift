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

    @Test(
        "takes them out in every spelling",
        arguments: [
            "p@ss+w/ord=é", "p%40ss%2Bw%2Ford%3D%C3%A9", "p%40ss%2bw%2ford%3d%c3%a9", "p@ss%2Bw/ord=%C3%A9",
            "p%2540ss%252Bw%252Ford%253D%25C3%25A9", #"p@ss+w\/ord=é"#, #"p\u0040ss\u002Bw\u002ford=é"#,
            // Alone, and behind one byte and two, as in a user's name and password.
            "cEBzcyt3L29yZD3DqQ", "OnBAc3Mrdy9vcmQ9w6k", "YTpwQHNzK3cvb3JkPcOp", "cEBzcyt3L29yZD3DqQ%3D%3D",
        ]
    )
    func spellings(text: String) {
        let scrubbed = Scrubber.scrub("<\(text)>", hiding: [Secret("p@ss+w/ord=é")])
        #expect(scrubbed.contains("[redacted]"))
        #expect(
            !scrubbed.contains("ord") && !scrubbed.contains("ss") && !scrubbed.contains("yt3")
                && !scrubbed.contains("Mrd")
        )
    }

    @Test("takes a short secret for no part of what only looks like its Base64")
    func shortSecret() {
        #expect(Scrubber.scrub("YWJjZA== abcd", hiding: [Secret("abcd")]) == "YWJjZA== [redacted]")
    }

    @Test("leaves sentences whole where a row's key only fills its place", arguments: ["x", "ab", "key"])
    func placeholder(secret: String) {
        #expect(Scrubber.scrub("an example: keyboard, cab", hiding: [Secret(secret)]) == "an example: keyboard, cab")
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
