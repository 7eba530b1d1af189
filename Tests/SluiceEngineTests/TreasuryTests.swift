import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

/// Whose limits a call counts in, from its begin to its end.
@Suite struct TreasuryTests {
    private let clock = ManualClock()
    private let treasury: Treasury

    init() {
        let time = EngineTime(now: { [clock] in clock.timestamp }, clock: clock)
        treasury = Treasury(isRecorded: true, time: time, clock: TrustedClock(time))
    }

    private static func limits(_ token: TokenID, sharedWith: TokenID? = nil) -> LimitRecord {
        let budget = SpendingLimits.Budget(amount: 10, period: .ever, since: Timestamp(milliseconds: 0))
        return LimitRecord(.token(token), SpendingLimits(atOnce: 1, budget: budget), sharedWith: sharedWith)
    }

    private static func job(_ token: TokenID) -> JobFacts {
        let now = Timestamp(milliseconds: 1)
        return JobFacts(
            id: .generate(at: now),
            owner: OwnerID(rawValue: "o"),
            token: token,
            operation: .chat,
            model: "m",
            route: "m",
            terms: JobTerms(surface: .openAI, format: .openAIChat, lane: .interactive, onUnknown: .retry),
            size: RequestSize(),
            createdAt: now
        )
    }

    private static func need(_ job: JobFacts) -> LimitNeed {
        let cost = AttemptStake.Cost.priced(hold: 10, high: 10)
        let start = AttemptStart(
            row: "up",
            credential: nil,
            model: "m",
            configHash: "",
            startedAt: Timestamp(milliseconds: 1),
            stake: AttemptStake(likely: [:], high: [:], cost: cost, counted: 10)
        )
        return LimitNeed(job.id, epoch: 1, of: 1, start, .free)
    }

    @Test func `a call ends where it began, though its token has limits of its own by then`() throws {
        let (old, new) = (TokenID(rawValue: "old"), TokenID(rawValue: "new"))
        treasury.load([Self.limits(old), Self.limits(new, sharedWith: old)], spent: [])
        let call = Self.job(new)
        #expect(treasury.begin(Self.need(call), of: call) == nil)
        let other = Self.job(old)
        #expect(treasury.begin(Self.need(other), of: other)?.reason == .atOnce)
        treasury.change([Self.limits(old), Self.limits(new)], spent: [], ticket: 1)
        _ = treasury.end(call, of: 1)
        #expect(treasury.begin(Self.need(other), of: other) == nil)
    }

    @Test func `what was set aside goes where it was taken once the cost is known`() throws {
        let (old, new) = (TokenID(rawValue: "old"), TokenID(rawValue: "new"))
        treasury.load([Self.limits(old), Self.limits(new, sharedWith: old)], spent: [])
        let call = Self.job(new)
        #expect(treasury.begin(Self.need(call), of: call) == nil)
        #expect(treasury.standing("old")?.holds == [call.id: 10])
        treasury.change([Self.limits(old), Self.limits(new)], spent: [], ticket: 1)
        _ = treasury.note(CommitNews(posted: [call.id: 1]))
        #expect(treasury.standing("old")?.holds.isEmpty == true)
    }
}
