import SluiceStore
import SluiceTypes
import Testing

@Suite("A line of the ledger")
struct LedgerRuleTests {
    private static func entry(
        _ cost: LedgerCost,
        _ basis: UsageBasis = .told,
        _ units: [String: Int64] = [:],
        counted: Int64 = 0
    ) -> LedgerEntry {
        LedgerEntry(basis: basis, units: .exactly(units), cost: cost, counted: counted)
    }

    private static let priced = LedgerCost.priced(5)
    private static let unpriced = LedgerCost.unpriced(reason: "model", low: 1)
    private static let unknown = LedgerCost.unknown(low: 1, likely: 3, high: 9)

    @Test("is written where there is none, whatever is told", arguments: [priced, unpriced, unknown])
    func first(cost: LedgerCost) {
        for basis in UsageBasis.allCases { #expect(LedgerRule.move(nil, Self.entry(cost, basis)) == .inserted) }
    }

    @Test("stays as it is once it is priced, whatever comes later", arguments: [priced, unpriced, unknown])
    func stays(cost: LedgerCost) {
        let dear = Self.entry(.priced(7))
        for basis in UsageBasis.allCases {
            #expect(LedgerRule.move(Self.entry(Self.priced, basis), Self.entry(cost)) == .ignored)
            #expect(LedgerRule.move(Self.entry(Self.priced, basis), dear) == .ignored)
        }
    }

    @Test("gives way to a price, whatever it said", arguments: [unpriced, unknown], UsageBasis.allCases)
    func givesWay(cost: LedgerCost, basis: UsageBasis) {
        for other in UsageBasis.allCases {
            #expect(LedgerRule.move(Self.entry(cost, basis), Self.entry(Self.priced, other)) == .replaced)
        }
    }

    @Test(
        "without a price gives way to what is known better, and to nothing else",
        arguments: [
            (.guessed, 1, .seen, 0, true), (.guessed, 1, .told, 0, true), (.seen, 1, .told, 0, true),
            (.seen, 1, .seen, 2, true), (.seen, 1, .seen, 1, false), (.seen, 2, .seen, 1, false),
            (.guessed, 0, .guessed, 5, false), (.told, 0, .told, 5, false), (.told, 1, .seen, 5, false),
            (.told, 1, .guessed, 5, false), (.seen, 1, .guessed, 5, false),
        ] as [(UsageBasis, Int64, UsageBasis, Int64, Bool)]
    )
    func better(old: UsageBasis, oldLow: Int64, new: UsageBasis, newLow: Int64, replaced: Bool) {
        func costs(_ low: Int64) -> [LedgerCost] {
            [.unpriced(reason: "tier x", low: low), .unknown(low: low, likely: 9, high: 9)]
        }
        for before in costs(oldLow) {
            for after in costs(newLow) {
                let move = LedgerRule.move(Self.entry(before, old), Self.entry(after, new))
                #expect(move == (replaced ? .replaced : .ignored))
            }
        }
    }

    @Test("counts once, under its state: sums get what changes")
    func sums() {
        let units: [String: Int64] = [
            "input": 100, "input.cacheRead": 40, "input.cacheWrite.5m": 7, "input.cacheWrite.1h": 2, "output": 30,
            "output.reasoning": 20, "searches.web": 3,
        ]
        let before = LedgerEntry(
            basis: .seen,
            units: .between(low: [:], likely: ["input": 90, "output": 10], high: ["input": 200]),
            cost: Self.unknown,
            counted: 3
        )
        let after = Self.entry(Self.priced, .told, units, counted: 5)
        let first = LedgerRule.difference(nil, before)
        #expect(first.unknown == 1 && first.input == 90 && first.output == 10)
        #expect((first.low, first.likely, first.high, first.cost, first.counted) == (1, 3, 9, 0, 3))
        let second = LedgerRule.difference(before, after)
        #expect((second.unknown, second.priced, second.input, second.counted) == (-1, 1, 10, 2))
        let sum = first + second
        #expect(sum == LedgerSums(after))
        #expect((sum.cached, sum.cacheWritten, sum.reasoning, sum.cost, sum.low) == (40, 9, 20, 5, 0))
        #expect(LedgerRule.difference(after, before).isZero && !second.isZero)
    }

    @Test("whose counts can't be true is in no sum but for what budgets see of it")
    func absurd() {
        let entry = Self.entry(
            .unpriced(reason: LedgerCost.absurd, low: 0),
            .told,
            ["input": -1, "output": .max],
            counted: 8
        )
        var sums = LedgerSums()
        (sums.unpriced, sums.counted) = (1, 8)
        #expect(LedgerSums(entry) == sums)
    }

    @Test("tells what was written into caches once, whether it is told in one or by how long it is kept")
    func cacheWritten() {
        func written(_ units: [String: Int64]) -> Int64 {
            LedgerSums(Self.entry(Self.priced, .told, units)).cacheWritten
        }
        #expect(written(["input.cacheWrite": 9, "input.cacheWrite.5m": 4]) == 9)
        #expect(written(["input.cacheWrite.5m": 4, "input.cacheWrite.1h": 1, "input.cacheWriteOther": 7]) == 5)
    }

    @Test("brings no sum beyond its bounds")
    func bounds() {
        var (large, small) = (LedgerSums(), LedgerSums())
        (large.cost, small.cost) = (.max, .min)
        #expect((large + large).cost == LedgerSums.most && (small + small).cost == -LedgerSums.most)
        #expect((small - large).cost == -LedgerSums.most)
    }
}
