import SluiceJSON
import SluiceMoney
import Testing

@Suite struct BadTableTests {
    private func fault(_ text: String) -> PriceTableFault? {
        do throws(PriceTableFault) {
            _ = try PriceTable(json: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    private func whole(_ lists: String) -> String {
        #"{"format": 1, "source": {"package": "t", "version": "1"}, "lists": [\#(lists)]}"#
    }

    private func model(_ model: String) -> String {
        whole(#"{"id": "p", "models": [\#(model)]}"#)
    }

    @Test func `a broken one is refused with the place`() {
        let cut = fault("{\"format\": 1,\n \"lists\": [")
        #expect(cut?.position?.line == 2)
        #expect(fault("")?.sentence.isEmpty == false)
        #expect(fault("[]")?.sentence == "this is no object")
        #expect(fault(#"{"format": 2}"#)?.pointer == "/format")
        #expect(fault(#"{"source": {}}"#)?.sentence == "format is missing")
        #expect(fault(#"{"format": 1, "format": 1}"#)?.sentence.contains("twice") == true)
        #expect(fault(whole(""))?.sentence == nil)
    }

    @Test(arguments: [
        (#"{"id": "m", "prices": [{"units": {"input": -1}}]}"#, "a price is negative", "/prices/0/units/input"),
        (
            #"{"id": "m", "prices": [{"units": {"input": [1, 5, -2]}}]}"#, "a price is negative",
            "/prices/0/units/input/2"
        ),
        (
            #"{"id": "m", "prices": [{"units": {"input": 1.5}}]}"#, "a price is no whole number of pico-USD",
            "/prices/0/units/input"
        ),
        (
            #"{"id": "m", "prices": [{"units": {"input": 9223372036854775808}}]}"#,
            "a price is no whole number of pico-USD",
            "/prices/0/units/input"
        ),
        (
            #"{"id": "m", "prices": [{"units": {"input": [1, 5]}}]}"#,
            "a price with tiers is a price and pairs of a start and a price", "/prices/0/units/input"
        ),
        (
            #"{"id": "m", "prices": [{"units": {"input": [1, 5, 2, 5, 3]}}]}"#,
            "tiers don't start one behind the other", "/prices/0/units/input/3"
        ),
        (#"{"id": "m", "prices": [{"units": {"in put": 1}}]}"#, "this is no unit's name", "/prices/0/units/in put"),
        (#"{"id": "m", "prices": [{"units": []}]}"#, "prices are no object", "/prices/0/units"),
        (#"{"id": "m", "prices": [{}]}"#, "units is missing", "/prices/0"),
        (#"{"id": "m", "prices": []}"#, "a model has no prices", ""),
        (#"{"id": "m"}"#, "a model has no prices", ""),
        (
            #"{"id": "m", "prices": [{"units": {}, "form": "2026-01-01"}]}"#, "nothing is known of form",
            "/prices/0/form"
        ),
        (
            #"{"id": "m", "prices": [{"units": {}, "from": "2026-02-30"}]}"#, "this is no day, such as 2026-11-30",
            "/prices/0/from"
        ),
        (
            #"{"id": "m", "prices": [{"units": {}, "hours": "1:00-2:00"}]}"#, "these are no hours, such as 16:30-00:30",
            "/prices/0/hours"
        ),
        (
            #"{"id": "m", "prices": [{"units": {}, "hours": "24:00-02:00"}]}"#,
            "these are no hours, such as 16:30-00:30", "/prices/0/hours"
        ),
        (
            #"{"id": "m", "prices": [{"units": {}, "from": "2026-02-02", "until": "2026-02-02"}]}"#,
            "a price ends before it begins", "/prices/0"
        ),
        (#"{"id": "", "prices": [{"units": {}}]}"#, "a model has no id", ""),
        (#"{"id": "m", "is": [""], "prices": [{"units": {}}]}"#, "a pattern is empty", "/is/0"),
        (#"{"id": "m", "is": [[]], "prices": [{"units": {}}]}"#, "a pattern is empty", "/is/0"),
        (#"{"id": "m", "is": [7], "prices": [{"units": {}}]}"#, "this is no array", "/is/0"),
        (#"{"id": "m", "context": 0, "prices": [{"units": {}}]}"#, "this is no count", "/context"),
        (#"{"id": "m", "least": {"input": -1}, "prices": [{"units": {}}]}"#, "this is no count", "/least/input"),
        (
            #"{"id": "m", "prices": [{"units": {}}], "variants": [{"when": {}, "units": {}}]}"#,
            "a variant is for no terms", "/variants/0"
        ),
        (
            #"{"id": "m", "prices": [{"units": {}}], "variants": [{"when": {"a": 1}, "units": {}}]}"#,
            "this is no text", "/variants/0/when/a"
        ),
    ])
    func `a model is refused with the place`(json: String, sentence: String, pointer: String) {
        let fault = fault(model(json))
        #expect(fault?.sentence == sentence)
        #expect(fault?.pointer == "/lists/0/models/0" + pointer)
        #expect(fault?.position?.line == 1)
    }

    @Test func `names occur once, and lists that are gone on in are there`() {
        let twice = model(#"{"id": "m", "prices": [{"units": {}}]}, {"id": "M", "prices": [{"units": {}}]}"#)
        #expect(fault(twice)?.pointer == "/lists/0/models/1")
        #expect(fault(whole(#"{"id": "p"}, {"id": "p"}"#))?.pointer == "/lists/1")
        #expect(fault(whole(#"{"id": "p", "also": ["q"]}"#))?.sentence.contains("not there") == true)
        #expect(fault(whole(#"{"id": "p", "also": ["q"]}, {"id": "q"}"#)) == nil)
        #expect(fault(whole(#"{"id": ""}"#))?.sentence == "a list has no id")
    }

    @Test func `a fault says its place in words`() {
        let text = fault(model(#"{"id": "m", "prices": [{"units": {"input": -1}}]}"#)).map(String.init(describing:))
        #expect(
            text?.hasPrefix("a price is negative at /lists/0/models/0/prices/0/units/input (line 1, column ") == true
        )
    }

    @Test(arguments: [
        (#"[]"#, ""), (#"{"m": []}"#, "/m"), (#"{"m": {}}"#, "/m"), (#"{"m": {"maxOutput": 5}}"#, "/m"),
        (#"{"m": {"input": -0.5}}"#, "/m/input"), (#"{"m": {"input": "-0"}}"#, "/m/input"),
        (#"{"m": {"input": "x"}}"#, "/m/input"),
        (#"{"m": {"input": null}}"#, "/m/input"), (#"{"m": {"input": 1e30}}"#, "/m/input"),
        (#"{"m": {"in put": 1}}"#, "/m/in put"),
        (#"{"m": {"input": 1, "maxOutput": 0}}"#, "/m/maxOutput"), (#"{"": {"input": 1}}"#, "/"),
    ])
    func `a row's own prices are refused with the place`(json: String, pointer: String) throws {
        let root = try Document(Array(json.utf8)).root
        do throws(PriceTableFault) {
            _ = try PriceList(rowPrices: root)
            Issue.record("taken")
        } catch {
            #expect(error.pointer == pointer)
        }
    }

    @Test func `a row's own prices keep their digits`() throws {
        let json = #"{"m": {"input": 0.07, "output": "0.0000005", "seconds.audio": 0.0001, "maxOutput": 8192}}"#
        let list = try PriceList(rowPrices: Document(Array(json.utf8)).root)
        let prices = list.models[0].prices[0].prices.byUnit
        #expect(prices == ["input": Price(70_000), "output": Price(0), "seconds.audio": Price(100_000_000)])
        #expect(list.models[0].outputLimit == 8192)
    }
}
