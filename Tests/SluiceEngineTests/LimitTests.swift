import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// Who may ask for how much, and spend how much.
@Suite("The limits of an owner", .timeLimit(.minutes(1)))
struct LimitTests {
    /// One that costs a dollar for each million tokens that are written, and nothing for those that are read.
    private static func row(_ name: String = "up", output: String = "1", priority: Int = 0) throws -> ProviderRow {
        var row = Rig.row(name, priority: priority)
        let prices = #"{"m":{"input":0,"output":\#(output)}}"#
        row.pricing = RowPricing(prices: try PriceList(rowPrices: try Document(Array(prices.utf8)).root))
        return row
    }

    /// An answer of so many tokens.
    private static func answer(_ tokens: Int = 1000) -> ReplayScript {
        .answer(
            #"{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"#
                + #""usage":{"prompt_tokens":5,"completion_tokens":\#(tokens)}}"#
        )
    }

    /// A body that asks for as many tokens at most: a call of it is worth so many thousand nano-dollars.
    private static func body(_ tokens: Int = 1000) -> String {
        #"{"model":"m","max_tokens":\#(tokens),"messages":[{"role":"user","content":"hello"}]}"#
    }

    /// A budget that is worth so many calls of 1000 tokens.
    private static func budget(
        _ calls: Double,
        isStrict: Bool = false,
        _ rig: Rig,
        _ period: BudgetPeriod = .month
    ) -> SpendingLimits {
        let budget = SpendingLimits.Budget(
            amount: Int64(calls * 1_000_000),
            period: period,
            isStrict: isStrict,
            since: rig.engine.time.now()
        )
        return SpendingLimits(budget: budget)
    }

    private static func set(
        _ limits: SpendingLimits?,
        _ rig: Rig,
        of subject: LimitSubject = .owner(Rig.owner)
    ) async throws {
        let entry = AuditEntry(at: rig.engine.time.now(), actor: "test", action: "limits.set", subject: "", result: "")
        try await rig.engine.setLimits(of: subject, to: limits, audit: entry)
    }

    private static func open(_ rig: Rig, _ body: String = body(), token: TokenID? = nil) async -> CallOpening {
        var job = rig.job(body, surface: .openAI, format: .openAIChat, lane: .interactive)
        job.facts.token = token
        return await rig.engine.calls.open(
            CallRequest(job: job, commitsFirst: true, onDisconnect: .continue)
        )
    }

    /// Makes a call to its end; answers why it was refused where it was.
    private static func call(_ rig: Rig, _ body: String = body(), token: TokenID? = nil) async throws -> LimitRefusal? {
        switch await open(rig, body, token: token) {
        case .live(let live):
            _ = await live.end()
            return nil
        case .limited(let refusal): return refusal
        default: throw Unexpected()
        }
    }

    @Test("let as many requests pass a minute, and say when the next one does")
    func requests() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            try await Self.set(SpendingLimits(requestsPerMinute: 2), rig)
            #expect(try await Self.call(rig) == nil)
            #expect(try await Self.call(rig) == nil)
            let refusal = try #require(try await Self.call(rig))
            #expect(refusal.reason == .requests)
            #expect(!refusal.isFinal)
            #expect(refusal.wait == .seconds(30))
            #expect(rig.engine.rates(Rig.owner, nil).first?.left == 0)
            rig.clock.advance(by: .seconds(30))
            #expect(try await Self.call(rig) == nil)
            #expect(try await Self.call(rig) != nil)
        }
    }

    @Test("are judged in memory: who is refused costs the store nothing, and is refused while it is away")
    func withoutStore() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            for limits in [SpendingLimits(requestsPerMinute: 0), SpendingLimits(atOnce: 0), Self.budget(0.5, rig)] {
                try await Self.set(limits, rig)
                rig.store.set(outage: .refusing(StoreError(.unavailable, "away")))
                #expect(try await Self.call(rig) != nil)
                rig.store.set(outage: nil)
            }
            try await Self.set(Self.budget(1.5, rig), rig)
            #expect(try await Self.call(rig) == nil)
            rig.store.set(outage: .refusing(StoreError(.unavailable, "away")))
            #expect(try await Self.call(rig)?.reason == .tooLittle)
            rig.store.set(outage: nil)
        }
    }

    @Test("take tokens by what is estimated, and put that right by what was used")
    func tokens() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer(10) }.run { rig in
            try await Self.set(SpendingLimits(tokensPerMinute: 1500), rig)
            #expect(try await Self.call(rig) == nil)
            // 15 were used, and not a thousand.
            #expect(rig.engine.rates(Rig.owner, nil).first?.left == 1485)
            #expect(try await Self.call(rig, Self.body(5000))?.reason == .never(.tpm))
            #expect(try await Self.call(rig) == nil)
        }
    }

    @Test("let so many calls be under way at once")
    func atOnce() async throws {
        try await Rig(rows: [try Self.row()]) { _, number in number == 1 ? Self.answer().held : Self.answer() }
            .run { rig in
                try await Self.set(SpendingLimits(atOnce: 1), rig)
                guard case .live(let first) = await Self.open(rig) else { throw Unexpected() }
                #expect(try await Self.call(rig)?.reason == .atOnce)
                try await rig.transport.waitForCalls(1)
                rig.transport.release(1)
                _ = await first.end()
                try await Self.eventually { try await Self.call(rig) == nil }
            }
    }

    /// What follows the end of a call comes soon after that is told.
    private static func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { await Task.yield() }
    }

    @Test("stop calls when the budget is spent, to the end of its window")
    func budget() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            try await Self.set(Self.budget(2.5, rig), rig)
            #expect(try await Self.call(rig) == nil)
            #expect(try await Self.call(rig) == nil)
            // Half a call is left.
            let refusal = try #require(try await Self.call(rig))
            #expect(refusal.reason == .tooLittle)
            #expect(refusal.isFinal)
            #expect(
                refusal.resetAt
                    == BudgetPeriod.month.window(at: rig.engine.time.now(), since: rig.engine.time.now()).end
            )
            #expect(try await Self.call(rig, Self.body(500)) == nil)
            #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == 3_000_000)
            #expect(try await Self.call(rig, Self.body(1))?.reason == .spent)
            #expect(try await Self.call(rig, Self.body(100_000))?.reason == .never(.budget))
            // Raised, it goes on.
            try await Self.set(Self.budget(4, rig), rig)
            #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == 3_000_000)
            #expect(try await Self.call(rig) == nil)
        }
    }

    @Test("set aside what calls under way may cost, and no longer than they are")
    func held() async throws {
        try await Rig(rows: [try Self.row()]) { _, number in number == 1 ? Self.answer(1).held : Self.answer() }
            .run { rig in
                try await Self.set(Self.budget(1.5, rig), rig)
                guard case .live(let first) = await Self.open(rig) else { throw Unexpected() }
                let refusal = try #require(try await Self.call(rig))
                #expect(refusal.reason == .held(by: 1))
                #expect(!refusal.isFinal)
                #expect(rig.engine.standing(Rig.owner.rawValue)?.holds == [first.id: 1_000_000])
                try await rig.transport.waitForCalls(1)
                rig.transport.release(1)
                _ = await first.end()
                // It had cost next to nothing.
                try await Self.eventually { rig.engine.standing(Rig.owner.rawValue)?.holds.isEmpty == true }
                #expect(try await Self.call(rig) == nil)
                #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == 1_001_000)
            }
    }

    @Test("never let more be spent than a strict budget, though calls don't say how much they write")
    func strict() async throws {
        var row = try Self.row()
        let prices = try Document(Array(#"{"m":{"input":0,"output":1,"maxOutput":100000}}"#.utf8))
        row.pricing = RowPricing(prices: try PriceList(rowPrices: prices.root))
        let plain = #"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#
        for isStrict in [false, true] {
            try await Rig(rows: [row]) { _, _ in Self.answer() }.run { rig in
                try await Self.set(Self.budget(150, isStrict: isStrict, rig), rig)
                #expect(try await Self.call(rig, plain) == nil)
                try await Self.set(Self.budget(50, isStrict: isStrict, rig), rig)
                let refusal = try await Self.call(rig, plain)
                #expect(refusal?.reason == (isStrict ? .never(.budget) : nil))
            }
        }
    }

    @Test("don't let go on to a row for which too little is left")
    func dearerRow() async throws {
        let rows = [try Self.row("cheap", priority: 0), try Self.row("dear", output: "10", priority: 1)]
        for amount in [5.0, 20.0] {
            try await Rig(rows: rows) { call, _ in
                call.url.contains("cheap") ? Rig.refusal(500) : Self.answer()
            }.run { rig in
                try await Self.set(Self.budget(amount, rig), rig)
                guard case .live(let live) = await Self.open(rig), let end = await live.end() else {
                    throw Unexpected()
                }
                let isAnswered = if case .succeeded = end { true } else { false }
                #expect(isAnswered == (amount == 20))
                // The rows' places are free, each once.
                try await Self.eventually { rig.engine.rows.allSatisfy { $0.running == 0 } }
                #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == (amount == 20 ? 10_000_000 : 0))
                try await Self.eventually { rig.engine.standing(Rig.owner.rawValue)?.holds.isEmpty == true }
            }
        }
    }

    @Test("count calls without a price as dear ones, or as what is said, or refuse them")
    func unpriced() async throws {
        var row = Rig.row()
        row.pricing = RowPricing(prices: try PriceList(rowPrices: try Document(Array(#"{"x":{"input":1}}"#.utf8)).root))
        let table = try PriceTable.embedded()
        for (policy, counts) in [
            (nil, nil), (.allow, 0), (.hold(700_000), 700_000), (.refuse, nil), (.exact, nil),
        ] as [(SpendingLimits.Unpriced?, Int64?)] {
            try await Rig(rows: [row], prices: PriceBook([table])) { _, _ in Self.answer() }.run { rig in
                var limits = Self.budget(1_000_000, rig)
                limits.unpriced = policy
                try await Self.set(limits, rig)
                let refusal = try await Self.call(rig)
                let spent = try #require(rig.engine.standing(Rig.owner.rawValue)?.spent)
                switch policy {
                case .refuse?, .exact?: #expect(refusal?.reason == .notPriced(model: "m", row: "up"))
                case nil:
                    #expect(refusal == nil)
                    #expect(spent > 10_000)
                default: #expect(spent == counts)
                }
            }
        }
    }

    @Test("of a token narrow those of its owner, and leave its other tokens alone")
    func token() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            let narrow = TokenID(rawValue: "aaaaaaaa")
            try await Self.set(SpendingLimits(requestsPerMinute: 3), rig)
            try await Self.set(SpendingLimits(requestsPerMinute: 1), rig, of: .token(narrow))
            #expect(try await Self.call(rig, token: narrow) == nil)
            let refusal = try #require(try await Self.call(rig, token: narrow))
            #expect(refusal.isToken)
            #expect(try await Self.call(rig, token: TokenID(rawValue: "bbbbbbbb")) == nil)
            #expect(try await Self.call(rig) == nil)
            #expect(try await Self.call(rig)?.isToken == false)
        }
    }

    @Test("that are tried refuse nobody, and are counted")
    func trial() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            var limits = Self.budget(1, rig)
            limits.requestsPerMinute = 2
            limits.onTrial = [.rpm, .budget]
            try await Self.set(limits, rig)
            for _ in 1...4 { #expect(try await Self.call(rig) == nil) }
            let trials = try #require(rig.engine.standing(Rig.owner.rawValue)?.trials)
            #expect(trials[.rpm] ?? 0 > 0)
            #expect(trials[.budget] ?? 0 > 0)
        }
    }

    @Test("are none for a gateway that records nothing")
    func unrecorded() async throws {
        var settings = EngineSettings()
        settings.recording = .none
        try await Rig(rows: [try Self.row()], settings: settings) { _, _ in Self.answer() }.run { rig in
            try await Self.set(Self.budget(10, rig), rig)
            #expect(try await Self.call(rig)?.reason == .notRecorded)
        }
    }

    // MARK: The queue

    @Test("let queued jobs wait when a budget is spent, and go on when it is raised; others' jobs don't wait")
    func queue() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            try await Self.set(Self.budget(3, rig), rig)
            var ids: [JobID] = []
            for _ in 1...6 { ids.append(try await Self.submit(rig)) }
            try await Self.eventually { try await Self.count(ids, .succeeded, rig) == 3 }
            let other = try await Self.submit(rig, of: OwnerID(rawValue: "other"))
            try await Self.eventually { try await Self.count([other], .succeeded, rig) == 1 }
            #expect(try await Self.count(ids, .queued, rig) == 3)
            #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == 3_000_000)
            let waiting = try await ids.asyncFirst { try await rig.store.job($0, owner: nil)?.state == .queued }
            let id = try #require(waiting)
            let job = try #require(try await rig.store.job(id, owner: nil))
            #expect(rig.engine.waiting(job)?.reason?.contains("budget") == true)
            try await Self.set(Self.budget(6, rig), rig)
            for id in ids { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test(
        "put off a queued job that is larger than what is left, and let smaller ones pass; a raised budget brings it back"
    )
    func putOff() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer(100) }.run { rig in
            try await Self.set(Self.budget(2, rig), rig)
            let first = try await Self.submit(rig, 1000)
            _ = try await rig.ended(first)
            let large = try await Self.submit(rig, 1950)
            let small = try await Self.submit(rig, 100)
            #expect(try await rig.ended(small).state == .succeeded)
            let job = try #require(try await rig.store.job(large, owner: nil))
            #expect(job.state == .queued)
            #expect(job.runAt > rig.engine.time.now())
            try await Self.set(Self.budget(4, rig), rig)
            #expect(try await rig.ended(large).state == .succeeded)
        }
    }

    @Test("claim as many queued jobs as may be under way at once, and a minute's requests")
    func queueRates() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            try await Self.set(SpendingLimits(requestsPerMinute: 2, atOnce: 1), rig)
            var ids: [JobID] = []
            for _ in 1...3 { ids.append(try await Self.submit(rig)) }
            try await Self.eventually { try await Self.count(ids, .succeeded, rig) == 2 }
            let last = try await ids.asyncFirst { try await rig.store.job($0, owner: nil)?.state == .queued }
            let id = try #require(last)
            let job = try #require(try await rig.store.job(id, owner: nil))
            try await Self.eventually { rig.engine.waiting(job)?.reason?.contains("requests") == true }
            try await rig.advance(by: .seconds(30))
            for id in ids { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test(
        "let a queued job without a price wait, until one is set; that holds through a restart, and is beaten by no table"
    )
    func priceSet() async throws {
        var row = Rig.row()
        row.pricing = RowPricing(prices: try PriceList(rowPrices: try Document(Array(#"{"x":{"input":1}}"#.utf8)).root))
        let store = MemoryStore()
        try await Rig(rows: [row], store: store) { _, _ in Self.answer() }.run { rig in
            let id = try await Self.submit(rig)
            #expect(try await rig.ended(id).state == .succeeded)
            #expect(try await store.unpricedLines(provider: "up", model: "m") == 1)
            // What was taken before is judged when it is claimed.
            var limits = Self.budget(10, rig)
            limits.unpriced = .refuse
            try await Self.set(limits, rig)
            let waiting = try await Self.submit(rig)
            try await Self.eventually {
                try await rig.store.job(waiting, owner: nil)?.runAt == BudgetWindow.never
            }
            let prices = Array(#"{"input":0,"output":2}"#.utf8)
            let setting = PriceSetting(provider: "up", model: "m", prices: prices, setAt: rig.engine.time.now())
            let entry = AuditEntry(at: setting.setAt, actor: "test", action: "price.set", subject: "m", result: "ok")
            try await rig.engine.setPrice(setting, audit: entry)
            #expect(try await rig.ended(waiting).state == .succeeded)
            let line = try #require(try await store.lines(of: waiting).first?.entry)
            #expect(line.cost == .priced(2_000_000))
            #expect(line.price?.origin == .set)
        }
        try await Rig(rows: [row], store: store) { _, _ in Self.answer() }.run { rig in
            let refusal = try await Self.call(rig)
            #expect(refusal == nil)
            #expect(rig.engine.standing(Rig.owner.rawValue)?.spent == 4_000_000)
        }
    }

    @Test("of a token put its queued jobs off, each to its turn, and leave those of other tokens alone")
    func queuedToken() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            let narrow = TokenID(rawValue: "aaaaaaaa")
            try await Self.set(SpendingLimits(requestsPerMinute: 1), rig, of: .token(narrow))
            var ids: [JobID] = []
            for _ in 1...20 {
                var job = rig.job(Self.body(), surface: .openAI, format: .openAIChat)
                job.facts.token = narrow
                ids.append(job.id)
                _ = try await rig.engine.submit(job)
            }
            let other = try await Self.submit(rig)
            #expect(try await rig.ended(other).state == .succeeded)
            try await Self.eventually { try await Self.count(ids, .succeeded, rig) == 1 }
            try await Self.eventually {
                var due: Set<Timestamp> = []
                for id in ids { if let job = try await rig.store.job(id, owner: nil) { due.insert(job.runAt) } }
                return due.count >= 10 && due.allSatisfy { $0.since(rig.engine.time.now()) <= .seconds(600) }
            }
        }
    }

    @Test("refuse a queued job that can never pass")
    func neverQueued() async throws {
        try await Rig(rows: [try Self.row()]) { _, _ in Self.answer() }.run { rig in
            try await Self.set(Self.budget(1, rig), rig)
            let job = rig.job(Self.body(5000), surface: .openAI, format: .openAIChat)
            #expect(rig.engine.calls.refusal(queueing: job)?.reason == .never(.budget))
            #expect(rig.engine.calls.refusal(queueing: rig.job(Self.body(), format: .openAIChat)) == nil)
        }
    }

    private static func submit(_ rig: Rig, _ tokens: Int = 1000, of owner: OwnerID = Rig.owner) async throws -> JobID {
        let job = rig.job(Self.body(tokens), of: owner, surface: .openAI, format: .openAIChat)
        guard case .created(let id) = try await rig.engine.submit(job) else { throw Unexpected() }
        return id
    }

    private static func count(_ ids: [JobID], _ state: JobState, _ rig: Rig) async throws -> Int {
        var count = 0
        for id in ids where try await rig.store.job(id, owner: nil)?.state == state { count += 1 }
        return count
    }
}

extension [JobID] {
    fileprivate func asyncFirst(where condition: (JobID) async throws -> Bool) async rethrows -> JobID? {
        for id in self where try await condition(id) { return id }
        return nil
    }
}
