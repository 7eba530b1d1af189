import SluiceMoney
import SluiceTypes
import Testing

/// What calls cost that nobody has made yet.
@Suite struct QuoteTests {
    private func quote(
        _ units: String,
        more: String = "",
        multiplier: Multiplier = .one,
        writes: Bool = true,
        terms: CallTerms = CallTerms()
    ) throws -> Quote {
        let question = PriceQuestion(
            asked: "m",
            at: Timestamp(milliseconds: 1_800_000_000_000),
            terms: terms,
            entries: [],
            multiplier: multiplier
        )
        let sources = PriceSources(tables: [try table(units: units, more: more)], list: "p")
        return try Quote(question, writes: writes, from: sources)
    }

    @Test func `a plain call costs what the calculator says`() throws {
        let units = #"{"input": [1000, 100, 2000], "output": 5000, "input.cacheWrite": 1250, "requests": 7000}"#
        for input in [0, 1, 100, 101, 5000] as [Int64] {
            let known = answer(try table(units: units), ["input": input, "output": 3]).cost
            #expect(try quote(units).cost(input: input, output: 3) == known)
        }
    }

    @Test func `at most it is the dearest class and tier that so many tokens can reach`() throws {
        let quote = try quote(
            #"{"input": [1000, 100, 2000], "input.cacheWrite": [1250, 100, 2500], "input.audio": 90000, "output": [5000, 100, 9000]}"#
        )
        // Nano-USD: 100 × 1.25 + 10 × 5, and beyond the tier's start 101 × 2.5 + 10 × 9, half to even.
        #expect(quote.mostCost(input: 100, output: 10, searches: 0) == Money(nanoUSD: 175))
        #expect(quote.mostCost(input: 101, output: 10, searches: 0) == Money(nanoUSD: 342))
        let searching = try self.quote(#"{"input": 1000, "output": 1000, "searches.web": 10000000000}"#)
        #expect(searching.mostCost(input: 0, output: 0, searches: 3) == Money(nanoUSD: 30_000_000))
    }

    @Test func `the row's factor counts, and so does the model's limit`() throws {
        let factor = try #require(Multiplier("1.5"))
        let units = #"{"input": 1000, "output": 1000}"#
        #expect(try quote(units, multiplier: factor).cost(input: 10, output: 10) == Money(nanoUSD: 30))
        #expect(try quote(units).outputLimit == Quote.usualLimit)
        #expect(try quote(units, more: #","output": 777"#).outputLimit == 777)
        #expect(try quote(units, more: #","context": 9999"#).outputLimit == 9999)
    }

    @Test func `what has no price is said`() throws {
        #expect(throws: UnpricedReason.unit("input")) { try quote(#"{"output": 1}"#) }
        #expect(throws: UnpricedReason.unit("output")) { try quote(#"{"input": 1}"#) }
        #expect(throws: Never.self) { try quote(#"{"input": 1}"#, writes: false) }
        #expect(throws: UnpricedReason.tier("service_tier", "odd")) {
            try quote(#"{"input": 1, "output": 1}"#, terms: CallTerms(request: ["service_tier": "odd"]))
        }
    }

    @Test func `absurd counts are the most that there is, and stop nothing`() throws {
        let quote = try quote(#"{"input": 9000000000000, "output": 9000000000000}"#)
        #expect(quote.mostCost(input: 100_000_000, output: 100_000_000 * 1024, searches: 0).nanoUSD == .max)
    }
}
