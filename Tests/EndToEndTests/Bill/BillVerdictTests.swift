import SluiceTypes
import Testing

/// The verdict must be able to fail.
@Suite struct BillVerdictTests {
    private static let usage = Usage(promptTokens: 3, completionTokens: 1)
    private static let charges = [7: BillProvider.Charge(prompt: 5, usage: usage)]

    private static func judge(
        _ attempts: [BillAccount.Attempt],
        jobs: [Int: Set<Int64>] = [5: [1]],
        answered: Set<Int> = []
    ) -> BillVerdict {
        BillVerdict(BillAccount(attempts: attempts, jobs: jobs), charges, answered: answered)
    }

    private static func attempt(
        job: Int64 = 1,
        _ outcome: String = "ok",
        call: Int? = 7,
        usage: Usage? = usage,
        cost: ClosedRange<Int64>? = 13_750...13_750
    ) -> BillAccount.Attempt {
        BillAccount.Attempt(job: job, outcome: outcome, call: call, usage: usage, cost: cost)
    }

    @Test func anHonestAccountIsNotReported() {
        let verdict = Self.judge([Self.attempt()], answered: [7])
        #expect(verdict.faults.isEmpty)
        #expect((verdict.charged, verdict.booked) == (4, 4))
    }

    @Test func aCallThatWasUnderWayIsNotReportedWhereItsJobSaysSo() {
        let verdict = Self.judge([Self.attempt("interrupted", call: nil, usage: nil)])
        #expect(verdict.faults.isEmpty)
        #expect((verdict.booked, verdict.unclear, verdict.without) == (0, 1, 0))
        #expect(Self.judge([], jobs: [:]).without == 1)
    }

    @Test func whatIsNotTrueIsReported() {
        let more = Usage(promptTokens: 4, completionTokens: 1)
        let accounts: [[BillAccount.Attempt]] = [
            [Self.attempt(), Self.attempt()], [Self.attempt(usage: more)], [Self.attempt(call: 8)],
            [Self.attempt(call: nil)], [Self.attempt(job: 2)], [Self.attempt("failed", usage: nil)],
            [Self.attempt(cost: 13_749...13_749)], [Self.attempt(cost: nil)],
            [Self.attempt("unknown", usage: nil, cost: 0...13_749)],
            [Self.attempt("unknown", usage: nil, cost: 13_751...20_000)],
            [Self.attempt("unknown", usage: nil, cost: nil)],
        ]
        for account in accounts { #expect(!Self.judge(account).faults.isEmpty) }
        #expect(!Self.judge([Self.attempt("unknown", usage: nil)], answered: [7]).faults.isEmpty)
        #expect(!Self.judge([], jobs: [:], answered: [7]).faults.isEmpty)
    }
}
