import SluiceTypes
import Testing

@Suite("A suggestion")
struct SuggestionTests {
    private let names = ["temperature", "prompt", "model", "maxToken", "id", "gpt-4o-mini"]

    @Test(
        "is the nearest name, letter case and neighbours swapped counting little",
        arguments: [
            ("temprature", "temperature"), ("promt", "prompt"), ("PROMPT", "prompt"), ("mdoel", "model"),
            ("max_token", "maxToken"), ("gpt-4o-mni", "gpt-4o-mini"), ("i", "id"),
        ]
    )
    func near(given: String, expected: String) {
        #expect(Suggestion.nearest(to: given, among: names) == expected)
    }

    @Test(
        "is none when nothing is near",
        arguments: ["", "banana", "xy", "temp", String(repeating: "m", count: 100_000)]
    )
    func far(given: String) {
        #expect(Suggestion.nearest(to: given, among: names) == nil)
    }

    @Test("never is what was given")
    func same() {
        #expect(Suggestion.nearest(to: "prompt", among: ["prompt"]) == nil)
    }
}
