import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What an owner may do and has used, by clocks that a test sets.
@Suite struct PurseTests {
    private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private static func need(_ money: Int64, tokens: Int64 = 1) -> LimitNeed {
        let stake = AttemptStake(
            likely: ["input": tokens],
            high: ["input": tokens],
            cost: .priced(hold: money, high: money),
            counted: money
        )
        let start = AttemptStart(
            row: "up",
            credential: nil,
            model: "m",
            configHash: "",
            startedAt: Timestamp(milliseconds: 0),
            stake: stake
        )
        return LimitNeed(.generate(at: Timestamp(milliseconds: 1)), epoch: 1, of: 1, start, .free)
    }

    private static func purse(_ amount: Int64, _ period: BudgetPeriod = .day) throws -> Purse {
        let budget = SpendingLimits.Budget(amount: amount, period: period, since: try moment("2026-11-30T12:00:00Z"))
        return Purse(SpendingLimits(budget: budget), isToken: false, at: .zero)
    }

    private static func judge(_ purse: inout Purse, _ money: Int64, at text: String) throws -> LimitRefusal.Reason? {
        purse.judge(need(money), at: .zero, now: try moment(text), isRecorded: true)?.reason
    }

    @Test func `a clock that goes back over midnight gives no fresh budget, and one that goes on does`() throws {
        var purse = try Self.purse(10)
        let day = BudgetPeriod.day.window(
            at: try Self.moment("2026-12-01T00:00:10Z"),
            since: try Self.moment("2026-11-30T12:00:00Z")
        )
        #expect(try Self.judge(&purse, 10, at: "2026-12-01T00:00:10Z") == nil)
        purse.note(spent: 10, in: day)
        #expect(try Self.judge(&purse, 1, at: "2026-12-01T00:00:20Z") == .spent)
        #expect(try Self.judge(&purse, 1, at: "2026-11-30T23:59:00Z") == .spent)
        #expect(try Self.judge(&purse, 1, at: "2026-12-02T00:00:00Z") == nil)
        // What is told late of the day before counts there.
        purse.note(spent: 10, in: day)
        #expect(try Self.judge(&purse, 1, at: "2026-12-02T00:00:00Z") == nil)
    }

    @Test func `other limits keep what is under way, and another period begins with what the store says`() throws {
        var purse = try Self.purse(10)
        let need = Self.need(4)
        #expect(purse.judge(need, at: .zero, now: try Self.moment("2026-11-30T12:00:00Z"), isRecorded: true) == nil)
        purse.begin(need, at: .zero)
        #expect(try Self.judge(&purse, 7, at: "2026-11-30T12:00:00Z") == .held(by: 1))
        var limits = purse.limits
        limits.budget?.amount = 100
        purse.change(limits, at: .zero)
        #expect(purse.held == 4)
        #expect(try Self.judge(&purse, 96, at: "2026-11-30T12:00:00Z") == nil)
        #expect(try Self.judge(&purse, 97, at: "2026-11-30T12:00:00Z") == .held(by: 1))
        purse.release(need.job, epoch: 0)
        #expect(purse.held == 4, "what is set aside for a later attempt")
        purse.release(need.job, epoch: 1)
        #expect(purse.held == 0)
    }

    @Test func `amounts at the bounds are no trap`() throws {
        var purse = try Self.purse(LedgerSums.most)
        #expect(try Self.judge(&purse, .max, at: "2026-11-30T12:00:00Z") == .never(.budget))
        let need = Self.need(LedgerSums.most)
        purse.begin(need, at: .zero)
        #expect(try Self.judge(&purse, LedgerSums.most, at: "2026-11-30T12:00:00Z") == .held(by: 1))
        purse.note(
            spent: LedgerSums.most,
            in: BudgetPeriod.day.window(at: try Self.moment("2026-11-30T12:00:00Z"), since: .init(milliseconds: 0))
        )
        #expect(try Self.judge(&purse, 1, at: "2026-11-30T12:00:00Z") == .spent)
    }

    @Test func `an attempt of the same call exchanges what was set aside for it`() throws {
        var purse = try Self.purse(10)
        let first = Self.need(6)
        purse.begin(first, at: .zero)
        var second = first
        second.epoch = 2
        second.money = 9
        second.isFirst = false
        #expect(purse.judge(second, at: .zero, now: try Self.moment("2026-11-30T12:00:00Z"), isRecorded: true) == nil)
        purse.begin(second, at: .zero)
        #expect(purse.held == 9)
        #expect(purse.underWay.count == 1)
        purse.end(first.job, of: 1)
        #expect(purse.held == 0 && purse.underWay.isEmpty)
    }

    @Test func `a claim that is made once more takes nothing again`() throws {
        var purse = Purse(SpendingLimits(requestsPerMinute: 2, atOnce: 1), isToken: false, at: .zero)
        let need = Self.need(0)
        let now = try Self.moment("2026-11-30T12:00:00Z")
        for _ in 1...3 {
            #expect(purse.judge(need, at: .zero, now: now, isRecorded: true) == nil)
            purse.begin(need, at: .zero)
        }
        #expect(purse.rates(at: .zero).first?.left == 1)
        #expect(purse.judge(Self.need(0), at: .zero, now: now, isRecorded: true)?.reason == .atOnce)
        purse.end(need.job, of: 1)
        #expect(purse.judge(Self.need(0), at: .zero, now: now, isRecorded: true) == nil)
    }

    @Test func `what is only asked is counted in no trial`() throws {
        var purse = Purse(SpendingLimits(atOnce: 0, onTrial: [.atOnce]), isToken: false, at: .zero)
        let now = try Self.moment("2026-11-30T12:00:00Z")
        let need = Self.need(0)
        #expect(purse.judge(need, at: .zero, now: now, isRecorded: true, begins: false) == nil)
        #expect(purse.trials.isEmpty)
        #expect(purse.judge(need, at: .zero, now: now, isRecorded: true) == nil)
        #expect(purse.trials == [.atOnce: 1])
    }
}
