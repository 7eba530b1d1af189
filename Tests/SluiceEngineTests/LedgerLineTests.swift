import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What stands in the ledger of each way in which an attempt can end.
@Suite("The line of an attempt", .timeLimit(.minutes(1)))
struct LedgerLineTests {
    private static let json = HeaderField("content-type", "application/json")
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let text = #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}"# + "\n\n"
    private static let finish = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    private static let usage =
        #"data: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":20}}"# + "\n\n"

    /// The lines of a call that is answered by `script`, and how it ended.
    private static func lines(
        rows: [ProviderRow] = [Rig.row()],
        stream: Bool = true,
        _ script: @escaping @Sendable (OutgoingCall, Int) -> ReplayScript
    ) async throws -> [LedgerLine] {
        var lines: [LedgerLine] = []
        try await Rig(rows: rows, script: script).run { rig in
            let call = try await rig.open(stream: stream)
            _ = await call.end()
            lines = try await rig.store.lines(of: call.id)
        }
        return lines
    }

    @Test("has what the provider told, whose it is, and when the attempt began")
    func told() async throws {
        try await Rig { _, _ in Rig.answer }.run { rig in
            let job = try await rig.ended(try await rig.submit())
            let attempt = try #require(try await rig.store.attempts(job.id, owner: nil)?.first)
            let line = try #require(try await rig.store.lines(of: job.id).first)
            #expect(line.key == LedgerKey(job.facts, attempt.start, secret: rig.store.secret))
            #expect(line.epoch == attempt.epoch)
            #expect(line.entry.basis == .told)
            #expect(line.entry.units == .exactly(["input": 3, "output": 1]))
            #expect(attempt.report?.entry == line.entry)
        }
    }

    @Test("of a whole answer without its usage says that it was seen, and not that it was for nothing")
    func withoutUsage() async throws {
        let lines = try await Self.lines(stream: false) { _, _ in
            .answer(#"{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#)
        }
        #expect(lines.map(\.entry.basis) == [.seen])
        #expect(lines.first?.entry.cost.state != .priced)
    }

    @Test("of a stream that is cut says that it was seen")
    func cut() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in ReplayScript([Self.head, .chunk(Self.text), .fail(reset)]) }
        #expect(lines.map(\.entry.basis) == [.seen])
    }

    @Test("of a stream that is cut behind its usage has the usage")
    func cutBehindUsage() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in
            ReplayScript([Self.head, .chunk(Self.text + Self.finish), .chunk(Self.usage), .fail(reset)])
        }
        #expect(lines.map(\.entry.basis) == [.told])
        #expect(lines.first?.entry.units == .exactly(["input": 30, "output": 20]))
    }

    /// A stream that is priced, and cut behind `chunks`.
    private static func cut(behind chunks: String, _ pricing: RowPricing? = nil) async throws -> LedgerEntry {
        var row = Rig.row()
        row.pricing = try pricing ?? Self.row(#"{"m":{"input":2.5,"output":10,"maxOutput":500}}"#)
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines(rows: [row]) { _, _ in
            ReplayScript([Self.head, .chunk(chunks), .fail(reset)])
        }
        return try #require(lines.first?.entry)
    }

    @Test("of a stream that is cut lies between what was told and what it can have been; counted is what is likely")
    func cutPriced() async throws {
        let nothing = try await Self.cut(behind: ": hello\n\n")
        guard case .between(_, let likely, let high) = nothing.units,
            case .unknown(let low, let cost, let most) = nothing.cost
        else {
            Issue.record("it is \(nothing)")
            return
        }
        #expect(low == 0)
        // Nothing came: all that is set aside, which is no more than the model's limit.
        #expect(likely["output"] == 500)
        #expect(high["output"] == 500)
        #expect(cost == (likely["input"] ?? 0) * 2500 + 5_000_000)
        #expect(most == (high["input"] ?? 0) * 2500 + 5_000_000)
        #expect((high["input"] ?? 0) > (likely["input"] ?? 0))
        #expect(nothing.counted == cost)

        let text = String(repeating: "a", count: 30)
        let begun = try await Self.cut(behind: Self.text.replacing("hi", with: text))
        // 30 bytes are 10 tokens and a margin of 3.
        #expect(begun.units.summed["output"] == 13)
        #expect(begun.counted == (likely["input"] ?? 0) * 2500 + 130_000)
        let thinking = try await Self.cut(behind: Self.text.replacing("content", with: "reasoning_content"))
        #expect((thinking.units.summed["output"] ?? 0) > 0)
        #expect((thinking.units.summed["output"] ?? 500) < 500)
    }

    @Test("of a stream whose usage was told on the way, and that went on, has that as its lower figure")
    func toldOnTheWay() async throws {
        let counted =
            #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}],"usage":{"prompt_tokens":30,"completion_tokens":1}}"#
        for chunks in [counted + "\n\n", Self.usage + Self.text, counted + "\n\n" + Self.text + Self.finish] {
            let entry = try await Self.cut(behind: chunks)
            #expect(entry.basis == .seen)
            guard case .unknown(let low, let likely, let high) = entry.cost, case .between(let told, _, _) = entry.units
            else {
                Issue.record("it is \(entry.cost)")
                continue
            }
            #expect(told["input"] == 30)
            #expect(low == 75_000 + (told["output"] ?? 0) * 10_000)
            #expect(low <= likely && likely <= high)
        }
    }

    @Test("of a stream whose usage is told once more behind its content, and is the same, is that of the whole")
    func toldAgain() async throws {
        let counted =
            #"data: {"choices":[{"index":0,"delta":{"role":"assistant"}}],"usage":{"prompt_tokens":30,"completion_tokens":20}}"#
        let entry = try await Self.cut(behind: counted + "\n\n" + Self.text + Self.finish + Self.usage)
        #expect(entry.basis == .told)
        #expect(entry.cost == .priced(275_000))
    }

    @Test("counts the most that it can be where the provider runs on")
    func runsOn() async throws {
        var pricing = try Self.row(#"{"m":{"input":2.5,"output":10,"maxOutput":500}}"#)
        pricing.afterCancel = .runsOn
        let entry = try await Self.cut(behind: Self.text, pricing)
        guard case .unknown(_, let likely, let high) = entry.cost else {
            Issue.record("it is \(entry.cost)")
            return
        }
        #expect(entry.counted == high)
        #expect(likely < high)
    }

    @Test("of a cancelled call is what its provider tells, where the call runs on for that; not for longer than it may")
    func drained() async throws {
        var row = Rig.row()
        row.pricing = try Self.row(#"{"m":{"input":2.5,"output":10,"maxOutput":500}}"#)
        for isTold in [true, false] {
            let script = ReplayScript([Self.head, .chunk(Self.text), .hold, .chunk(Self.finish + Self.usage), .end])
            let settings = EngineSettings(drainCancelled: .seconds(5), backoff: .zero)
            try await Rig(rows: [row], settings: settings) { _, _ in script }.run { rig in
                let call = try await rig.open(stream: true)
                _ = await call.beginning()
                rig.engine.calls.leave(call.id, delivered: false)
                while try await rig.store.job(call.id, owner: nil)?.state != .cancelled { await Task.yield() }
                // The job is done; its call goes on.
                #expect(try await rig.store.lines(of: call.id).first?.entry.basis == .guessed)
                if isTold { rig.transport.release(1) }
                while try await rig.store.lines(of: call.id).first?.entry.basis == .guessed {
                    // The wait for what is told begins behind the cancellation.
                    if !isTold { try await rig.advance(by: .seconds(5)) }
                    await Task.yield()
                }
                let entry = try #require(try await rig.store.lines(of: call.id).first?.entry)
                #expect(entry.basis == (isTold ? .told : .seen))
                let cost: Int64? = isTold ? 30 * 2500 + 20 * 10_000 : nil
                #expect(entry.cost.priced == cost)
            }
        }
    }

    @Test("of a job that was cancelled is what was set aside, until its end is known; a free row's is free")
    func cancelledUnseen() async throws {
        for isFree in [false, true] {
            var row = Rig.row()
            row.pricing =
                isFree ? RowPricing(list: .free) : try Self.row(#"{"m":{"input":2.5,"output":10,"maxOutput":500}}"#)
            try await Rig(rows: [row]) { _, _ in ReplayScript([Self.head, .chunk(Self.text), .hold, .end]) }.run {
                rig in
                let call = try await rig.open(stream: true)
                _ = await call.beginning()
                let stake = try #require(
                    try await rig.store.attempts(call.id, owner: nil)?.first?.start.stake
                )
                _ = try await rig.store.cancel(call.id, owner: nil, at: rig.clock.timestamp, audit: nil)
                let entry = try #require(try await rig.store.lines(of: call.id).first?.entry)
                #expect(entry == .guessed(stake))
                #expect(entry.cost.state == (isFree ? .priced : .unknown))
                #expect(isFree || entry.counted > 0)
                rig.transport.release(1)
            }
        }
    }

    @Test("is there for a request that went out and was not heard of")
    func unheard() async throws {
        let reset = TransportError(.reset, requestSent: true, "reset")
        let lines = try await Self.lines { _, _ in ReplayScript([.fail(reset)]) }
        #expect(lines.map(\.entry.basis) == [.seen])
    }

    @Test(
        "is not there where nothing was sent, nor for an error before any answer",
        arguments: [400, 500, 0]
    )
    func free(status: Int) async throws {
        let refused = TransportError(.refused, requestSent: false, "refused")
        let lines = try await Self.lines { _, _ in
            status == 0 ? ReplayScript([.fail(refused)]) : Rig.refusal(status, code: "no")
        }
        #expect(lines.isEmpty)
    }

    @Test("stands under the row that answered, and a row that refused has none")
    func fallback() async throws {
        let rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        let lines = try await Self.lines(rows: rows, stream: false) { call, _ in
            call.url.contains("first") ? Rig.refusal(500) : Rig.answer
        }
        #expect(lines.map(\.key.provider) == ["second"])
        #expect(lines.map(\.epoch) == [2])
    }

    @Test("has the price of the row that made the attempt, and not of the one that was asked first")
    func priceOfFallback() async throws {
        var rows = [Rig.row("first", priority: 0), Rig.row("second", priority: 1)]
        rows[0].pricing = try Self.row(#"{"m":{"input":100,"output":100,"maxOutput":500}}"#)
        rows[1].pricing = try Self.row(#"{"m":{"input":1,"output":2,"maxOutput":500}}"#)
        let answered = try await Self.lines(rows: rows, stream: false) { call, _ in
            call.url.contains("first") ? Rig.refusal(500) : Rig.answer
        }
        #expect(answered.map(\.entry.cost) == [.priced(5000)])
        let reset = TransportError(.reset, requestSent: true, "reset")
        let cut = try await Self.lines(rows: rows) { call, _ in
            call.url.contains("first") ? Rig.refusal(500) : ReplayScript([Self.head, .chunk(Self.text), .fail(reset)])
        }
        guard case .unknown(0, let likely, let high)? = cut.first?.entry.cost else {
            Issue.record("it is \(cut)")
            return
        }
        let units = try #require(cut.first?.entry.units.summed)
        #expect(likely == (units["input"] ?? 0) * 1000 + (units["output"] ?? 0) * 2000)
        #expect(high < 100_000_000)
    }

    // MARK: What it costs

    /// The line of a call to a row with `pricing`, whose provider is `host`.
    private static func line(
        _ pricing: RowPricing = RowPricing(),
        host: String = "https://api.openai.com/v1",
        prices: [PriceTable] = [],
        _ answer: String
    ) async throws -> LedgerEntry {
        var row = Rig.row()
        row.endpoint?.baseURL = host
        row.pricing = pricing
        var entry: LedgerEntry?
        let rig = Rig(rows: [row], prices: PriceBook(prices)) { _, _ in .answer(answer) }
        try await rig.run { rig in
            let id = try await rig.submit()
            entry = try await rig.store.lines(of: try await rig.ended(id).id).first?.entry
        }
        return try #require(entry)
    }

    private static func answer(_ usage: String, more: String = "") -> String {
        #"{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]"#
            + (usage.isEmpty ? "" : #","usage":"# + usage) + more + "}"
    }

    private static let used = #"{"prompt_tokens":1000,"completion_tokens":10}"#

    private static func row(_ prices: String, times multiplier: String = "1") throws -> RowPricing {
        RowPricing(
            prices: try PriceList(rowPrices: try Document(Array(prices.utf8)).root),
            multiplier: try #require(Multiplier(multiplier))
        )
    }

    @Test("is priced by the row's own prices, times its factor, at what its answer told")
    func rowPrices() async throws {
        let pricing = try Self.row(#"{"m":{"input":2.5,"output":10}}"#, times: "1.1")
        let entry = try await Self.line(pricing, Self.answer(Self.used))
        // (1000 × 2,500 + 10 × 10,000) nano-USD, and a tenth of it more.
        #expect(entry.cost == .priced(2_860_000))
        #expect(entry.counted == 2_860_000)
        #expect(entry.price?.origin == .row)
    }

    @Test("without a price for its model is not free, and says why")
    func unpriced() async throws {
        let pricing = try Self.row(#"{"other":{"input":2.5}}"#)
        let entry = try await Self.line(pricing, host: "http://127.0.0.1:1", Self.answer(Self.used))
        #expect(entry.cost == .unpriced(reason: "list", low: 0))
        #expect(entry.units == .exactly(["input": 1000, "output": 10]))
    }

    @Test("has what has a price as its lower figure, where something has none")
    func partly() async throws {
        let pricing = try Self.row(#"{"m":{"input":2.5}}"#)
        let entry = try await Self.line(pricing, Self.answer(Self.used))
        #expect(entry.cost == .unpriced(reason: "unit output", low: 2_500_000))
        #expect(entry.counted == 2_500_000)
    }

    @Test("of a row that is said to be free costs nothing, whether its usage was told or not")
    func freeRow() async throws {
        for usage in [Self.used, ""] {
            let entry = try await Self.line(RowPricing(list: .free), Self.answer(usage))
            #expect(entry.cost == .priced(0))
            #expect(entry.price?.origin == .free)
            #expect(entry.basis == (usage.isEmpty ? .seen : .told))
        }
    }

    @Test("is what the provider says that it cost, where the row says where that stands")
    func toldCost() async throws {
        let place = try Document(Array(#"{"at":"/usage/ticks","usd":"1e-10"}"#.utf8)).root
        var pricing = try Self.row(#"{"m":{"input":2.5,"output":10}}"#)
        pricing.told = try ToldCost(place)
        let told = #"{"prompt_tokens":1000,"completion_tokens":10,"ticks":12345678}"#
        let entry = try await Self.line(pricing, Self.answer(told))
        #expect(entry.cost == .priced(1_234_568))
        #expect(entry.price?.origin == .told)
        // What can't be a cost is none: the prices hold.
        for lie in ["-3", "\"7\"", "null", "1e40"] {
            let lying = #"{"prompt_tokens":1000,"completion_tokens":10,"ticks":"# + lie + "}"
            #expect(try await Self.line(pricing, Self.answer(lying)).cost == .priced(2_600_000), "\(lie)")
        }
    }

    @Test("is that of the model that answered, in the tier in which it did", arguments: ["", "flex", "nobody's"])
    func tiers(tier: String) async throws {
        let table = try PriceTable.embedded()
        let more = #","model":"gpt-5-mini-2025-08-07""# + (tier.isEmpty ? "" : #","service_tier":"\#(tier)""#)
        let entry = try await Self.line(prices: [table], Self.answer(Self.used, more: more))
        #expect(entry.served == "gpt-5-mini-2025-08-07")
        switch tier {
        // $0.25 and $2 a million.
        case "": #expect(entry.cost == .priced(270_000))
        case "flex": #expect(entry.cost == .priced(135_000))
        default: #expect(entry.cost == .unpriced(reason: "tier service_tier=nobody's", low: 0))
        }
        #expect(entry.price?.version == (entry.cost.state == .priced ? table.source.version : entry.price?.version))
    }

    @Test("is in the tier that was asked for, where the answer names none")
    func askedTier() async throws {
        var row = Rig.row()
        row.endpoint?.baseURL = "https://api.openai.com/v1"
        row.parameters.defaults = [Parameters.Member("service_tier", Array("\"flex\"".utf8))]
        row.modelMap = ["m": "gpt-5-mini"]
        var entry: LedgerEntry?
        let rig = Rig(rows: [row], prices: PriceBook([try PriceTable.embedded()])) { _, _ in
            .answer(Self.answer(Self.used))
        }
        try await rig.run { rig in
            let id = try await rig.submit()
            entry = try await rig.store.lines(of: try await rig.ended(id).id).first?.entry
        }
        #expect(entry?.cost == .priced(135_000))
        #expect(entry?.price?.variant == "service_tier=flex")
    }

    @Test("with usage that can't be is in no sum, and stops nothing")
    func absurd() async throws {
        let pricing = try Self.row(#"{"m":{"input":2.5,"output":10}}"#)
        let entry = try await Self.line(pricing, Self.answer(#"{"prompt_tokens":900000000000,"completion_tokens":1}"#))
        #expect(entry.cost == .unpriced(reason: LedgerCost.absurd, low: 0))
        #expect(LedgerSums(entry).input == 0)
    }
}
