import SluiceJSON
import SluiceMoney
import SluiceTypes
import Testing

@Suite struct PricerTests {
    /// Two models, one of them with a wildcard; a second list that goes on in the first.
    static let text = """
        {"format": 1, "source": {"package": "test", "version": "1"}, "lists": [
        {"id": "p", "models": [
        {"id": "big", "is": ["big-*"], "prices": [{"units": {"input": 10000, "output": 10000}}],
        "variants": [{"when": {"service_tier": "flex"}, "units": {"input": 5000}},
        {"when": {"service_tier": "flex"}, "units": {"input": 1, "output": 7000}},
        {"when": {"service_tier": "priority"}, "from": "2026-11-01", "units": {"input": 20000}},
        {"when": {"service_tier": "same"}, "units": {}}]},
        {"id": "small", "is": ["tiny"], "prices": [{"units": {"input": 1000, "output": 1000}}]},
        {"id": "first", "is": ["zoo-1"], "prices": [{"units": {"input": 1000}}]},
        {"id": "later", "is": ["zoo-*", "dashed-2026-02-03*"], "prices": [{"units": {"input": 1000}}]},
        {"id": "last", "is": ["zoo-2"], "prices": [{"units": {"input": 1000, "requests": 5000000}}]},
        {"id": "dated", "prices": [{"from": "2026-02-01", "units": {"input": 1000}},
        {"from": "2026-03-01", "until": "2026-04-01", "hours": "22:00-02:00", "units": {"input": 2000}}]}]},
        {"id": "q", "also": ["p"], "models": []}]}
        """

    let table: PriceTable

    init() throws {
        table = try PriceTable(json: Array(Self.text.utf8))
    }

    private func ask(
        _ asked: String,
        answered: String? = nil,
        at moment: String = "2026-11-30T12:00:00Z",
        answer: [String: String] = [:],
        request: [String: String] = [:],
        entries: [UsageEntry] = [UsageEntry(units: ["input": 100])],
        sources: PriceSources? = nil
    ) throws -> PriceAnswer {
        let question = PriceQuestion(
            asked: asked,
            answered: answered,
            at: try #require(Timestamp(rfc3339: moment)),
            terms: CallTerms(answer: answer, request: request),
            entries: entries
        )
        return Pricer.price(question, from: sources ?? PriceSources(tables: [table], list: "p"))
    }

    private func own(_ json: String) throws -> PriceList {
        try PriceList(rowPrices: Document(Array(json.utf8)).root)
    }

    @Test func `the model that the answer names is priced, else the one that was asked for`() throws {
        #expect(try ask("small", answered: "big").model == "big")
        #expect(try ask("small", answered: "unheard-of").model == "small")
        #expect(try ask("small").model == "small")
        #expect(try ask("unheard-of", answered: "nor-this").reason == .model)
        #expect(try ask("unheard-of").origin == nil)
    }

    @Test(arguments: [
        ("big", PriceOrigin.table), ("BIG", .table), ("tiny", .table), ("big-20260203", .table),
        ("big-2026-02-03", .table),
        ("big-x", .approximate), ("big-20261303", .approximate), ("big-2026-02-03-x", .approximate),
    ])
    func `a match by a part is approximate, unless the rest is a date`(name: String, origin: PriceOrigin) throws {
        let answer = try ask(name)
        #expect(answer.origin == origin)
        #expect(answer.cost != nil)
    }

    @Test(
        arguments: [
            ("zoo-1", "first"), ("zoo-2", "later"), ("zoo-3", "later"), ("dashed-2026-02-03", "later"),
            ("dashed-20260203", "later"), ("dashed-20260203:free", "later"), ("dashed-20260203b", nil),
            ("dashed-20261303", nil), ("dashed", nil),
        ] as [(String, String?)]
    )
    func `the first model counts of those that fit, with dashes in the date where nothing fits without`(
        name: String,
        model: String?
    ) throws {
        #expect(try ask(name).model == model)
    }

    @Test func `a call is one, however many models had a part in it`() throws {
        let entry = UsageEntry(model: "last", units: ["input": 100])
        #expect(try ask("small", entries: [entry, entry]).cost?.nanoUSD == 5200)
    }

    @Test func `each price comes from the first variant that has it, and else from the standard one`() throws {
        let both = [UsageEntry(units: ["input": 100, "output": 100])]
        let flex = try ask("big", answer: ["service_tier": "flex"], entries: both)
        #expect(flex.cost?.nanoUSD == 1200)
        #expect(flex.variant == ["service_tier=flex"])
        #expect(try ask("big", answer: ["service_tier": "priority"], entries: both).cost?.nanoUSD == 3000)
        #expect(try ask("big", answer: ["service_tier": "same"], entries: both).cost?.nanoUSD == 2000)
    }

    @Test func `the answer's word on the tier counts, else the request's`() throws {
        #expect(
            try ask("big", answer: ["service_tier": "default"], request: ["service_tier": "flex"]).cost?.nanoUSD == 1000
        )
        #expect(try ask("big", answer: ["service_tier": ""], request: ["service_tier": "flex"]).cost?.nanoUSD == 500)
        #expect(try ask("big", request: ["service_tier": "flex"]).cost?.nanoUSD == 500)
    }

    @Test(arguments: ["standard", "default", "auto", "global", "", "STANDARD", "not_available"])
    func `some words never change a price`(word: String) throws {
        let answer = try ask("small", answer: ["service_tier": word, "inference_geo": word])
        #expect(answer.cost?.nanoUSD == 100)
        #expect(answer.variant == [])
    }

    @Test func `what the table doesn't know of a model is never the standard price`() throws {
        let answer = try ask("small", answer: ["service_tier": "flex"])
        #expect(answer.reason == .tier("service_tier", "flex"))
        #expect(answer.cost == nil)
        #expect(try ask("big", answer: ["inference_geo": "us"]).reason == .tier("inference_geo", "us"))
        let early = try ask("big", at: "2026-10-31T23:59:59.999Z", answer: ["service_tier": "priority"])
        #expect(early.reason == .tier("service_tier", "priority"))
    }

    @Test func `variants don't count for what is found in another's list`() throws {
        let sources = PriceSources(tables: [table], list: "q")
        #expect(try ask("big", sources: sources).cost?.nanoUSD == 1000)
        let flex = try ask("big", answer: ["service_tier": "flex"], sources: sources)
        #expect(flex.reason == .tier("service_tier", "flex"))
        #expect(try ask("big", sources: PriceSources(tables: [table], list: nil)).reason == .list)
        #expect(try ask("big", sources: PriceSources(tables: [table], list: "r")).reason == .model)
    }

    @Test(
        arguments: [
            ("2026-01-31T23:59:59.999Z", nil), ("2026-02-01T00:00:00Z", 100), ("2026-02-28T23:00:00Z", 100),
            ("2026-03-01T00:00:00Z", 200), ("2026-03-01T02:00:00Z", 100), ("2026-03-31T21:59:59.999Z", 100),
            ("2026-03-31T22:00:00Z", 200), ("2026-03-31T23:59:59.999Z", 200), ("2026-04-01T00:00:00Z", 100),
        ] as [(String, Int64?)]
    )
    func `the last price counts of which the days and the hours hold`(moment: String, nano: Int64?) throws {
        let answer = try ask("dated", at: moment)
        #expect(answer.cost?.nanoUSD == nano)
        #expect(answer.reason == (nano == nil ? .date : nil))
        #expect(answer.variant == (nano == 200 ? ["hours=22:00-02:00"] : []))
    }

    @Test func `each of several entries is priced by its own model, and all are rounded once`() throws {
        let entries = [
            UsageEntry(model: "big", units: ["input": 10]), UsageEntry(units: ["input": 1]),
            UsageEntry(model: "small", units: ["output": 5]),
        ]
        let answer = try ask("big", answered: "small", entries: entries)
        #expect(answer.cost?.nanoUSD == 106)
        #expect(answer.model == "big")
    }

    @Test func `of several entries the worst is told, and the rest is the lower figure`() throws {
        let fine = UsageEntry(model: "big", units: ["input": 10])
        let unit = UsageEntry(model: "small", units: ["searches.web": 1])
        let absurd = UsageEntry(model: "small", units: ["input": -1])
        let near = UsageEntry(model: "big-x", units: ["input": 10])
        #expect(try ask("small", entries: [fine, unit]).reason == .unit("searches.web"))
        #expect(try ask("small", entries: [fine, unit]).low.nanoUSD == 100)
        #expect(try ask("small", entries: [unit, absurd, fine]).reason == .absurd)
        #expect(try ask("small", entries: [unit, absurd, fine]).low == .zero)
        #expect(try ask("small", entries: [fine, near]).origin == .approximate)
        #expect(try ask("small", entries: []).cost == .zero)
    }

    @Test func `what was set comes before the row's prices, and these before the tables`() throws {
        let set = try own(#"{"big": {"input": 0.5, "output": 1}}"#)
        let row = try own(#"{"big": {"input": 2}, "sm*": {"input": "0.25", "searches.web": 0.01}}"#)
        let other = try PriceTable(json: Array(Self.text.replacing("10000", with: "40000").utf8))
        var sources = PriceSources(set: set, row: row, tables: [other, table], list: "p")
        #expect(try ask("big", sources: sources).cost?.nanoUSD == 50_000)
        #expect(try ask("big", sources: sources).origin == .set)
        sources.set = nil
        #expect(try ask("big", sources: sources).cost?.nanoUSD == 200_000)
        #expect(try ask("big", sources: sources).origin == .row)
        // What is asked for is enough, whatever the answer calls itself.
        #expect(try ask("small", answered: "unheard-of", sources: sources).origin == .row)
        sources.row = nil
        #expect(try ask("big", sources: sources).cost?.nanoUSD == 4000)
        let alone = PriceSources(row: row, tables: [], list: nil)
        let searched = [UsageEntry(units: ["searches.web": 2])]
        #expect(try ask("small", entries: searched, sources: alone).cost?.nanoUSD == 20_000_000)
    }

    @Test func `free and told need no table`() {
        #expect(PriceAnswer.free.cost == .zero)
        #expect(PriceAnswer.free.origin == .free)
        #expect(PriceAnswer.told(Money(nanoUSD: 5)).low.nanoUSD == 5)
        #expect(PriceAnswer.told(Money(nanoUSD: 5)).origin == .told)
    }

    @Test func `reasons are cut, for others wrote what stands in them`() {
        let long = String(repeating: "x", count: 1000)
        #expect(UnpricedReason.tier(long, long).description.count == 5 + 64 + 1 + 64)
        #expect(UnpricedReason.unit(long).description.count == 5 + 64)
    }

    @Test func `a price that is set from a day on leaves what was before to the others`() throws {
        let sources = PriceSources(
            set: try own(
                #"{"big":[{"input":"1"},{"input":"2","from":"2026-11-15"}],"tiny":{"input":"3","from":"2026-11-15"}}"#
            ),
            tables: [table],
            list: "p"
        )
        func cost(_ model: String, _ day: String) throws -> PriceAnswer {
            try ask(model, at: "\(day)T00:00:00Z", sources: sources)
        }
        #expect(try cost("big", "2026-11-14").low.nanoUSD == 100_000)
        #expect(try cost("big", "2026-11-15").low.nanoUSD == 200_000)
        #expect(try cost("tiny", "2026-11-14").low.nanoUSD == 100)
        #expect(try cost("tiny", "2026-11-14").origin == .table)
        #expect(try cost("tiny", "2026-11-15").low.nanoUSD == 300_000)
        #expect(try cost("tiny", "2026-11-15").origin == .set)
    }

    @Test
    func `a model is like another with its tiers, as the row and the tables know that one, and never like itself`()
        throws
    {
        let set = try own(#"{"new":{"like":"big"},"big":{"like":"new"},"own":{"like":"mine"},"self":{"like":"self"}}"#)
        let sources = PriceSources(set: set, row: try own(#"{"mine":{"input":"1"}}"#), tables: [table], list: "p")
        #expect(try ask("new", sources: sources).low.nanoUSD == 1000)
        #expect(try ask("new", sources: sources).origin == .set)
        #expect(try ask("new", answer: ["service_tier": "flex"], sources: sources).low.nanoUSD == 500)
        #expect(try ask("own", sources: sources).low.nanoUSD == 100_000)
        #expect(try ask("big", sources: sources).reason == .model)
        #expect(try ask("self", sources: sources).reason == .model)
    }

    @Test(arguments: [
        #"{"m":{"like":""}}"#, #"{"m":{"like":"o","input":1}}"#, #"{"m":{"from":"2026-11-15"}}"#,
        #"{"m":{"input":1,"from":"tomorrow"}}"#, #"{"m":[]}"#, #"{"m":[{"input":1},2]}"#, #"{"m":{"like":7}}"#,
    ])
    func `a price that says nothing, or too much, is refused`(text: String) {
        #expect(throws: PriceTableFault.self) { _ = try own(text) }
    }
}
