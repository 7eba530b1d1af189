import SluiceMoney
import Testing

@Suite struct UnitCostTests {
    static let units = """
        {"input": [3000000, 1000, 6000000], "input.cacheRead": 300000, "input.cacheWrite": 3750000,
        "input.cacheWrite.1h": 6000000, "output": [15000000, 1000, 22000000]}
        """

    @Test func `a special unit is charged once, and what has no price goes by what includes it`() throws {
        let table = try table(units: Self.units)
        let usage: [String: Int64] = [
            "input": 900, "input.cacheRead": 100, "input.cacheWrite.5m": 200, "input.cacheWrite.1h": 300, "output": 50,
            "output.reasoning": 40, "input.audio": 5,
        ]
        let pico: Int64 = 300 * 3_000_000 + 100 * 300_000 + 200 * 3_750_000 + 300 * 6_000_000 + 50 * 15_000_000
        #expect(answer(table, usage).cost?.nanoUSD == pico / 1000)
    }

    @Test(arguments: [(999, 3_000_000), (1000, 3_000_000), (1001, 6_000_000)])
    func `a tier is a cliff behind its start, for all that was read and written`(input: Int64, price: Int64) throws {
        let table = try table(units: Self.units)
        let answer = answer(table, ["input": input, "output": 10])
        let output: Int64 = price == 3_000_000 ? 15_000_000 : 22_000_000
        #expect(answer.cost?.nanoUSD == (input * price + 10 * output) / 1000)
        #expect(answer.variant == (price == 3_000_000 ? [] : ["input>1000"]))
    }

    @Test func `what was cached counts for the length of a request`() throws {
        let table = try table(units: Self.units)
        #expect(answer(table, ["input": 1001, "input.cacheRead": 1001]).cost?.nanoUSD == 300_300)
        #expect(answer(table, ["input": 1001, "input.cacheRead": 1001, "output": 1]).cost?.nanoUSD == 322_300)
    }

    @Test func `a general unit that nobody counted is the sum of its special ones`() throws {
        let table = try table(units: Self.units)
        #expect(answer(table, ["input.cacheRead": 10, "input.cacheWrite.5m": 20]).cost?.nanoUSD == 78_000)
    }

    @Test func `and in that sum what belongs to two of them is counted once`() throws {
        let table = try table(units: #"{"input": 1000}"#)
        let usage: [String: Int64] = ["input.audio": 5, "input.cacheRead": 3, "input.audio.cacheRead": 2]
        #expect(answer(table, usage).cost?.nanoUSD == 6)
    }

    @Test func `what is part of two priced units is charged by the dearer one alone`() throws {
        let table = try table(units: #"{"input": 1000, "input.audio": 5000, "input.cacheRead": 100}"#)
        let usage: [String: Int64] = [
            "input": 100, "input.audio": 30, "input.cacheRead": 20, "input.audio.cacheRead": 10,
        ]
        let pico: Int64 = 60 * 1000 + 20 * 5000 + 10 * 100 + 10 * 5000
        #expect(answer(table, usage).cost?.nanoUSD == pico / 1000)
    }

    @Test func `a unit without any price is named, and the rest is the lower figure`() throws {
        let table = try table(units: #"{"input": 1000}"#)
        let answer = answer(table, ["input": 7, "output": 3, "searches.web": 1])
        #expect(answer.cost == nil)
        #expect(answer.reason == .unit("output"))
        #expect(answer.low.nanoUSD == 7)
        #expect(answer.reason?.description == "unit output")
    }

    @Test func `of a general unit without a price only what its special ones leave is missing`() throws {
        let table = try table(units: #"{"input.audio": 1000}"#)
        #expect(answer(table, ["input": 7, "input.audio": 7]).cost?.nanoUSD == 7)
        #expect(answer(table, ["input": 8, "input.audio": 7]).reason == .unit("input"))
        #expect(answer(table, ["input.audio": 7, "output": 0]).cost?.nanoUSD == 7)
    }

    @Test func `a call is counted only where it has a price, and once`() throws {
        let priced = try table(units: #"{"input": 1000, "requests": 5000000}"#)
        #expect(answer(priced, ["input": 1]).cost?.nanoUSD == 5001)
        #expect(answer(try table(units: #"{"input": 1000}"#), ["input": 1, "requests": 1]).cost?.nanoUSD == 1)
    }

    @Test func `what is billed at least is billed, unless nothing was used`() throws {
        let table = try table(units: #"{"seconds.audio": 1000}"#, more: #", "least": {"seconds.audio": 10}"#)
        #expect(answer(table, ["seconds.audio": 3]).cost?.nanoUSD == 10)
        #expect(answer(table, ["seconds.audio": 11]).cost?.nanoUSD == 11)
        #expect(answer(table, ["seconds.audio": 0]).cost?.nanoUSD == 0)
    }

    @Test(
        arguments: [
            ["input": -1], ["input": 100_000_001], ["input": 1_000_000_000_000_000_000], ["input": .max],
            ["input": .min],
            ["input": 10, "input.cacheRead": 11], ["output": 5, "output.reasoning": 6],
            ["input": 10, "input.cacheRead": 6, "input.cacheWrite.5m": 5],
            ["input.cacheRead": 100_000_000, "input.cacheWrite.5m": 1], ["unheard.of": -5],
        ] as [[String: Int64]]
    )
    func `what can't be is absurd, and costs nothing that could be added`(usage: [String: Int64]) throws {
        let answer = answer(try table(units: Self.units), usage)
        #expect(answer.reason == .absurd)
        #expect(answer.low == .zero)
        #expect(answer.cost == nil)
    }

    @Test func `a cost beyond 64 bits is absurd, and never a trap`() throws {
        let table = try table(units: #"{"input": 9223372036854775807, "output": 9223372036854775807}"#)
        let most = try #require(Multiplier("10000"))
        #expect(answer(table, ["input": 100_000_000, "output": 100_000_000], multiplier: most).reason == .absurd)
        #expect(answer(table, ["input": 1000]).cost?.nanoUSD == 9_223_372_036_854_775_807)
        #expect(answer(table, ["input": 1001]).reason == .absurd)
    }

    @Test(arguments: [(500, 0), (501, 1), (1500, 2), (2500, 2), (2501, 3), (499, 0)])
    func `half a nano goes to the even one, once for the whole`(pico: Int64, nano: Int64) throws {
        let table = try table(units: #"{"input": \#(pico)}"#)
        #expect(answer(table, ["input": 1]).cost?.nanoUSD == nano)
        // Two halves together are a whole, which they wouldn't be rounded one by one.
        let two = try self.table(units: #"{"input": \#(pico), "output": \#(pico)}"#)
        #expect(answer(two, ["input": 1, "output": 1]).cost?.nanoUSD == Money(usd: "\(2 * pico)e-12")?.nanoUSD)
    }

    private func table(units: String, more: String = "") throws -> PriceTable {
        try SluiceMoneyTests.table(units: units, more: more)
    }

    @Test func `a factor of four decimals is taken before the rounding`() throws {
        let table = try table(units: #"{"input": 1000}"#)
        let factor = try #require(Multiplier("1.2345"))
        #expect(answer(table, ["input": 10_000], multiplier: factor).cost?.nanoUSD == 12_345)
        #expect(answer(table, ["input": 2], multiplier: try #require(Multiplier("0.25"))).cost?.nanoUSD == 0)
        #expect(answer(table, ["input": 6], multiplier: try #require(Multiplier("0.25"))).cost?.nanoUSD == 2)
    }

    @Test(arguments: 0..<40)
    func `more of a unit never costs less`(seed: UInt64) throws {
        var random = SeededNumbers(state: seed)
        let table = try table(units: Self.units)
        // A special unit that grows takes its general ones along, as in a longer request.
        let chains = [
            ["input"], ["input", "input.cacheRead"], ["input", "input.cacheWrite.5m"],
            ["input", "input.cacheWrite.1h"],
            ["output"], ["output", "output.reasoning"],
        ]
        var usage: [String: Int64] = [:]
        var last = Money.zero
        for _ in 0..<50 {
            let more = Int64.random(in: 0...40, using: &random)
            for unit in chains.randomElement(using: &random) ?? [] { usage[unit, default: 0] += more }
            let cost = try #require(answer(table, usage).cost)
            #expect(cost >= last)
            last = cost
        }
        #expect(last > .zero)
    }

    @Test(arguments: 0..<40)
    func `any numbers give an answer`(seed: UInt64) throws {
        var random = SeededNumbers(state: seed)
        let table = try table(units: Self.units)
        let names = [
            "input", "input.cacheRead", "input.cacheWrite", "input.cacheWrite.1h", "output", "a", "a.b", "requests",
        ]
        let tops: [Int64] = [0, 10, 100_000_000, 1_000_000_000_000_000_000, .max]
        for _ in 0..<50 {
            var usage: [String: Int64] = [:]
            for name in names where Bool.random(using: &random) {
                let top = tops.randomElement(using: &random) ?? 0
                usage[name] = Int64.random(in: -1...top, using: &random)
            }
            let answer = answer(table, usage)
            #expect((answer.cost == nil) == (answer.reason != nil))
            #expect(answer.low >= .zero)
            #expect(answer.low == (answer.cost ?? answer.low))
        }
    }
}
