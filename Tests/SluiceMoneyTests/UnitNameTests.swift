import SluiceMoney
import Testing

@Suite struct UnitNameTests {
    @Test(arguments: [
        ("input", "input"), ("input.cacheRead", "input"), ("input.audio.cacheRead", "input.audio"),
        ("input.audio.cacheRead", "input.cacheRead"), ("input.cacheWrite.1h", "input.cacheWrite"),
        ("seconds.audio.input", "seconds.audio"),
    ])
    func `a unit is within those that have some of its words, in order`(special: String, general: String) {
        #expect(UnitName.isWithin(special, general))
        #expect(special == general || !UnitName.isWithin(general, special))
    }

    @Test(arguments: [
        ("output", "input"), ("seconds.audio.input", "input"), ("input.cacheRead", "input.cacheWrite"),
        ("input.cacheReading", "input.cacheRead"), ("inputs", "input"), ("input.1h.cacheWrite", "input.cacheWrite.1h"),
    ])
    func `and within no other, least of all in another family`(special: String, general: String) {
        #expect(!UnitName.isWithin(special, general))
    }

    @Test(arguments: ["input", "input.cacheWrite.5m", "searches.web", "requests"])
    func `names are words and dots`(name: String) {
        #expect(UnitName.isValid(name))
    }

    @Test(arguments: ["", ".", "input.", "in put", "größe", String(repeating: "a", count: 65), "a-b"])
    func `and nothing else is a name`(name: String) {
        #expect(!UnitName.isValid(name))
    }
}
