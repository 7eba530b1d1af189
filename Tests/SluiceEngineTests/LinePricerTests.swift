import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What becomes of lines that are priced anew.
@Suite("Pricing a line anew", .timeLimit(.minutes(1)))
struct LinePricerTests {
    private static let prices = #"{"m":{"input":2.5,"output":10,"maxOutput":500},"*-small":{"input":1,"output":1}}"#
    private static let dearer = #"{"m":{"input":5,"output":20,"maxOutput":500}}"#
    private static let started = Timestamp(milliseconds: 1_796_083_200_000)

    private static func row(_ prices: String?, host: String = "http://127.0.0.1:1") throws -> ProviderRow {
        var row = Rig.row()
        row.endpoint?.baseURL = host
        row.configurationHash = prices ?? host
        if let prices {
            row.pricing.prices = try PriceList(rowPrices: try Document(Array(prices.utf8)).root)
        }
        return row
    }

    private static func pricer(
        _ rows: ProviderRow...,
        policy: SpendPolicy = .free,
        tables: [PriceTable] = []
    ) -> LinePricer {
        let named = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
        return LinePricer(estimator: Estimator(PriceBook(tables)), rows: named) { _, _ in policy }
    }

    private static func line(_ entry: LedgerEntry, provider: String = "up", model: String = "m") -> LedgerLine {
        let key = LedgerKey(owner: Rig.owner, token: nil, provider: provider, model: model, at: started)
        return LedgerLine(job: .generate(at: started), epoch: 1, key: key, entry: entry)
    }

    private static func told(
        _ units: [String: Int64] = ["input": 1000, "output": 10],
        cost: LedgerCost = .unpriced(reason: "model", low: 0),
        counted: Int64 = 0
    ) -> LedgerEntry {
        LedgerEntry(basis: .told, units: .exactly(units), cost: cost, counted: counted)
    }

    private static func cost(_ verdict: LinePricer.Verdict) -> LedgerCost? {
        if case .changed(let pricing) = verdict { pricing.cost } else { nil }
    }

    @Test("leaves each line as it is where the prices are the same, however its attempt ended")
    func same() async throws {
        let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
        let text = #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}"# + "\n\n"
        let counted =
            #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}],"usage":{"prompt_tokens":30,"completion_tokens":1}}"#
            + "\n\n"
        let finish =
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"service_tier":"flex"}"# + "\n\n"
        let usage = #"data: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":20}}"# + "\n\n"
        let reset = TransportError(.reset, requestSent: true, "reset")
        let scripts = [
            ReplayScript([head, .chunk(text + finish + usage), .end]),
            ReplayScript([head, .chunk(text), .fail(reset)]),
            ReplayScript([head, .chunk(counted), .fail(reset)]), ReplayScript([.fail(reset)]),
            ReplayScript([head, .chunk(text + finish), .end]),
        ]
        let table = try PriceTable.embedded()
        var rows = [
            try Self.row(Self.prices), try Self.row(#"{"other":{"input":1}}"#), try Self.row(#"{"m":{"input":2}}"#),
        ]
        var listed = try Self.row(nil, host: "https://api.openai.com/v1")
        listed.modelMap = ["m": "gpt-5-mini"]
        rows.append(listed)
        var seen: Set<LedgerCost.State> = []
        for row in rows {
            for script in scripts {
                let rig = Rig(rows: [row], prices: PriceBook([table])) { _, _ in script }
                try await rig.run { rig in
                    let call = try await rig.open(stream: true)
                    _ = await call.end()
                    let line = try #require(try await rig.store.lines(of: call.id).first)
                    #expect(Self.pricer(row, tables: [table]).verdict(line) == .same, "\(line)")
                    seen.insert(line.entry.cost.state)
                }
            }
        }
        #expect(seen == Set(LedgerCost.State.allCases))
    }

    @Test("gives what was told the price of now, of the row as it is now")
    func told() throws {
        var row = try Self.row(Self.dearer)
        row.pricing.multiplier = try #require(Multiplier("1.1"))
        let old = Self.line(Self.told(cost: .priced(7), counted: 7))
        let expected = LedgerPricing(cost: .priced(5_720_000), price: LedgerPrice(.row), counted: 5_720_000)
        #expect(Self.pricer(row).verdict(old) == .changed(expected))
        #expect(Self.cost(Self.pricer(row).verdict(Self.line(Self.told()))) == .priced(5_720_000))
    }

    @Test("goes by the moment of the attempt, the model that answered, the tier and the parts that were told")
    func facts() throws {
        let table = try PriceTable.embedded()
        let row = try Self.row(nil, host: "https://api.openai.com/v1")
        let pricer = Self.pricer(row, tables: [table])
        var entry = Self.told()
        entry.served = "gpt-5-mini-2025-08-07"
        #expect(Self.cost(pricer.verdict(Self.line(entry, model: "nobody-s"))) == .priced(270_000))
        entry.terms = ["service_tier": "flex"]
        #expect(Self.cost(pricer.verdict(Self.line(entry))) == .priced(135_000))
        entry.terms = ["service_tier": "nobody's"]
        let tier = LedgerCost.unpriced(reason: "tier service_tier=nobody's", low: 0)
        #expect(Self.cost(pricer.verdict(Self.line(entry))) == tier)
        entry.terms = [:]
        // Beside parts no total counts.
        entry.parts = [
            UsagePart(units: ["input": 1000, "output": 10]), UsagePart(model: "gpt-5", units: ["input": 1000]),
        ]
        #expect(Self.cost(pricer.verdict(Self.line(entry))) == .priced(270_000 + 1_250_000))
    }

    @Test("knows of what nobody told three figures more, and counts as the budget does")
    func unknown() throws {
        let units = LedgerUnits.between(
            low: ["input": 30],
            likely: ["input": 30, "output": 13],
            high: ["input": 90, "output": 500]
        )
        let reason = LedgerCost.unpriced(reason: "model", low: 0)
        let line = Self.line(LedgerEntry(basis: .seen, units: units, cost: reason, counted: 0))
        let row = try Self.row(Self.prices)
        let cost = LedgerCost.unknown(low: 75_000, likely: 205_000, high: 5_225_000)
        #expect(
            Self.pricer(row).verdict(line) == .changed(LedgerPricing(cost: cost, price: nil, counted: 205_000))
        )
        let strict = SpendPolicy(isStrict: true)
        let most = LedgerPricing(cost: cost, price: nil, counted: 5_225_000)
        #expect(Self.pricer(row, policy: strict).verdict(line) == .changed(most))
    }

    @Test("of a row that costs nothing any more costs nothing, and of one that did not costs what it says")
    func free() throws {
        var row = try Self.row(nil)
        row.pricing.list = .free
        let paid = Self.line(Self.told(cost: .priced(7), counted: 7))
        let expected = LedgerPricing(cost: .priced(0), price: LedgerPrice(.free), counted: 0)
        #expect(Self.pricer(row).verdict(paid) == .changed(expected))
        var entry = Self.told(cost: .priced(0))
        entry.price = LedgerPrice(.free)
        #expect(Self.cost(Self.pricer(try Self.row(Self.prices)).verdict(Self.line(entry))) == .priced(2_600_000))
    }

    @Test("leaves alone what its provider has priced, what has no row any more, and what nothing is known of")
    func left() throws {
        let pricer = Self.pricer(try Self.row(Self.prices))
        var told = Self.told(cost: .priced(7))
        told.price = LedgerPrice(.told)
        #expect(pricer.verdict(Self.line(told)) == .told)
        #expect(pricer.verdict(Self.line(Self.told(), provider: "gone")) == .noRow)
        for entry in [LedgerEntry.free, .free(of: .seen), .guessed, .seen] {
            #expect(pricer.verdict(Self.line(entry)) == .nothing)
        }
        var parts = Self.told()
        parts.parts = LedgerEntry.tooManyParts
        #expect(pricer.verdict(Self.line(parts)) == .nothing)
    }

    @Test("leaves what has no price still as it is, whatever is held for it by now, and takes an absurd count for one")
    func stillUnpriced() throws {
        let pricer = Self.pricer(try Self.row(Self.prices), policy: SpendPolicy(unpriced: .hold(99)))
        #expect(pricer.verdict(Self.line(Self.told(), model: "else")) != .same)
        let model = Self.line(Self.told(cost: .unpriced(reason: "list", low: 0), counted: 3), model: "else")
        #expect(pricer.verdict(model) == .same)
        let absurd = Self.line(Self.told(["input": -1, "output": 3], cost: .unpriced(reason: "absurd", low: 0)))
        #expect(pricer.verdict(absurd) == .same)
        // A price that was taken away: what is held for such a call counts.
        let paid = Self.line(Self.told(cost: .priced(7), counted: 7), model: "else")
        let expected = LedgerPricing(cost: .unpriced(reason: "list", low: 0), price: nil, counted: 99)
        #expect(pricer.verdict(paid) == .changed(expected))
    }
}
