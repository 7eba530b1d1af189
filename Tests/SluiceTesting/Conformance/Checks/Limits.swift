import SluiceStore
import SluiceTypes
import Synchronization

extension AuditEntry {
    static func set(_ seconds: Double = 0) -> AuditEntry {
        AuditEntry(at: .at(seconds), actor: "operator", action: "limits.set", subject: "ada", result: "ok")
    }
}

extension SpendingLimits {
    /// A budget of so many nano-dollars.
    static func budget(_ amount: Int64, _ period: BudgetPeriod = .ever) -> SpendingLimits {
        SpendingLimits(budget: Budget(amount: amount, period: period, since: .at(0)))
    }
}

extension Subject {
    func setLimits(
        _ limits: SpendingLimits?,
        of subject: LimitSubject = .owner(.ada),
        at moment: Timestamp = .at(0)
    ) async throws {
        try await store.setLimits(of: subject, to: limits, at: moment, audit: .set())
    }

    /// A call of Ada's that began at `seconds`, and costs so much.
    @discardableResult
    func spend(_ cost: Int64, at seconds: Double = 1) async throws -> ClaimedJob {
        let claim = try await start(.sample(at: seconds))
        var answer = Success.sample(at: .at(seconds + 1))
        answer.report.entry?.cost = .priced(cost)
        answer.report.entry?.counted = cost
        _ = await succeed(claim, answer)
        return claim
    }

    /// What was spent in each window of an account, oldest first.
    func spent(_ account: String = "ada") async throws -> [Int64] {
        try await store.spend().filter { $0.account == account }.sorted { $0.window.begin < $1.window.begin }.map(
            \.counted
        )
    }
}

extension StoreConformance {
    static let limitChecks = [
        Check("limits are read back as they were set, changed, and taken away, each with its line of the audit") {
            subject in
            var limits = SpendingLimits.budget(7, .days(30))
            limits.budget?.isStrict = true
            limits.requestsPerMinute = 60
            limits.tokensPerMinute = 1000
            limits.atOnce = 0
            limits.queued = 3
            limits.queuedBytes = 1 << 40
            limits.unpriced = .hold(5)
            limits.onTrial = [.rpm, .atOnce]
            try await subject.setLimits(limits)
            try expectEqual(try await subject.store.limits(), [LimitRecord(.owner(.ada), limits)], "the limits")
            let other = SpendingLimits(tokensPerMinute: 5, unpriced: .exact)
            try await subject.setLimits(other)
            try expectEqual(try await subject.store.limits(), [LimitRecord(.owner(.ada), other)], "the changed ones")
            try await subject.setLimits(nil)
            try expectEqual(try await subject.store.limits(), [], "those that are left")
            let lines = try await subject.store.audit(AuditQuery(limit: 9))
            try expectEqual(lines.filter { $0.action == "limits.set" }.count, 3, "the audit")
        },
        Check("what is counted is added up for whoever has a budget, and for nobody else") { subject in
            try await subject.spend(5)
            try expectEqual(try await subject.store.spend(), [], "what was spent without a budget")
            try await subject.setLimits(.budget(1000))
            try expectEqual(try await subject.spent(), [5], "what was spent before")
            try await subject.spend(20, at: 2)
            try expectEqual(try await subject.spent(), [25], "what was spent")
            try await subject.setLimits(SpendingLimits(requestsPerMinute: 1))
            try expectEqual(try await subject.store.spend(), [], "what is kept without a budget")
        },
        Check("a guess is counted, and what is told later in its place") { subject in
            try await subject.setLimits(.budget(1000))
            let job = NewJob.sample()
            var start = AttemptStart.sample()
            start.stake = AttemptStake(
                likely: ["input": 3, "output": 9],
                high: ["input": 30, "output": 90],
                cost: .priced(hold: 12, high: 120),
                counted: 12
            )
            guard case .started(let claim) = try await subject.submitRunning(job, start: start) else {
                throw ConformanceFailure("a new job was not started", #fileID, #line)
            }
            try expectEqual(
                try await subject.record(job.id).lastAttempt?.start.stake,
                start.stake,
                "the stake of an open attempt"
            )
            _ = try await subject.cancel(job.id, at: .at(2))
            try expectEqual(try await subject.record(job.id).lastAttempt?.start.stake, nil, "that of one that ended")
            try await subject.expectLines(claim, [.guessed(start.stake)])
            try expectEqual(try await subject.spent(), [12], "what was spent")
            var answer = Success.sample(at: .at(3))
            answer.report.entry?.cost = .priced(7)
            answer.report.entry?.counted = 7
            _ = await subject.succeed(claim, answer)
            try expectEqual(try await subject.spent(), [7], "what was spent once it was told")
        },
        Check("a rescue counts what was staked, whatever is known of its price") { subject in
            try await subject.setLimits(.budget(1000))
            let stakes: [AttemptStake?] = [
                nil, .free,
                AttemptStake(likely: ["input": 1], high: ["input": 2], cost: .unpriced(reason: "model"), counted: 40),
            ]
            for (place, stake) in stakes.enumerated() {
                var start = AttemptStart.sample()
                start.stake = stake
                let job = NewJob.sample(at: Double(place))
                guard case .started(let claim) = try await subject.submitRunning(job, start: start) else {
                    throw ConformanceFailure("a new job was not started", #fileID, #line)
                }
                _ = try await subject.rescue(boot: .second, at: .at(5))
                try await subject.expectLines(claim, [.guessed(stake)])
            }
            try expectEqual(try await subject.spent(), [40], "what was spent")
        },
        Check("a window is that of the attempt's start; one that is over is added to, and none is made for it") {
            subject in
            let day = 86_400.0
            let first = LedgerKey.day(of: .at(0))
            let midnight = Double((first + 1) * 86_400_000 - Timestamp.at(0).milliseconds) / 1000
            try await subject.setLimits(.budget(1000, .day))
            let late = try await subject.start(.sample(at: midnight - 1))
            try await subject.spend(5, at: midnight + 1)
            var answer = Success.sample(at: .at(midnight + 2))
            answer.report.entry?.cost = .priced(3)
            answer.report.entry?.counted = 3
            _ = await subject.succeed(late, answer)
            try expectEqual(try await subject.spent(), [3, 5], "what was spent on each day")
            // Set anew, there is but the window that is now.
            try await subject.setLimits(.budget(2000, .day), at: .at(midnight + day + 5))
            try expectEqual(try await subject.spent(), [0], "what was spent in the new window")
            try await subject.spend(9, at: midnight + 3)
            try expectEqual(try await subject.spent(), [0], "what was spent in a window that nobody keeps")
        },
        Check("a mark is told once, in the transaction that reaches it") { subject in
            let told = Mutex<[Int]>([])
            subject.store.observe(wantsSpans: false) { news in told.withLock { $0 += news.reached.map(\.told) } }
            try await subject.setLimits(.budget(100))
            try await subject.spend(79, at: 1)
            try expectEqual(told.withLock { $0 }, [], "what was told too early")
            try await subject.spend(1, at: 2)
            try await subject.spend(1, at: 3)
            try expectEqual(told.withLock { $0 }, [80], "what was told at 80")
            try await subject.spend(50, at: 4)
            try await subject.spend(50, at: 5)
            try expectEqual(told.withLock { $0 }, [80, 100], "what was told in all")
            let lines = try await subject.store.audit(AuditQuery(action: "reached", limit: 9))
            try expectEqual(lines.count, 2, "the audit")
        },
        Check("every change is told with whose attempts were posted") { subject in
            let heard = Mutex<CommitNews?>(nil)
            subject.store.observe(wantsSpans: false) { news in if !news.posted.isEmpty { heard.withLock { $0 = news } }
            }
            try await subject.setLimits(.budget(100))
            let claim = try await subject.spend(30)
            let news = heard.withLock { $0 }
            try expectEqual(news?.posted, [claim.id: 1], "whose attempts were posted")
            try expectEqual(news?.spent.map(\.counted), [30], "what was spent")
        },
        Check("a token's budget counts its own calls, and whoever takes its place goes on with it") { subject in
            let token = TokenRecord(
                id: TokenID(rawValue: "aaaaaaaa"),
                owner: .ada,
                name: "a",
                hash: Array(repeating: 1, count: 32),
                scopes: [.jobsRead],
                createdAt: .at(0),
                expiresAt: nil
            )
            let owner = OwnerRecord(id: .ada, name: "Ada", createdAt: .at(0))
            _ = try await subject.store.insert(token, newOwner: owner, audit: .set())
            let limits = SpendingLimits.budget(100)
            try await subject.setLimits(limits, of: .token(token.id))
            var successor = token
            successor.id = TokenID(rawValue: "bbbbbbbb")
            successor.hash = Array(repeating: 2, count: 32)
            _ = try await subject.store.rotate(token.id, to: successor, oldEndsAt: .at(9), audit: .set())
            try expectEqual(
                Set(try await subject.store.limits()),
                [
                    LimitRecord(.token(token.id), limits),
                    LimitRecord(.token(successor.id), limits, sharedWith: token.id),
                ],
                "the limits"
            )
            for (place, id) in [token.id, successor.id].enumerated() {
                var job = NewJob.sample(at: Double(place))
                job.facts.token = id
                let claim = try await subject.start(job)
                var answer = Success.sample(at: .at(5))
                answer.report.entry?.cost = .priced(4)
                answer.report.entry?.counted = 4
                _ = await subject.succeed(claim, answer)
            }
            try expectEqual(try await subject.spent("aaaaaaaa"), [8], "what both have spent")
        },
        Check("what was put off to a window's end is due when the limits change") { subject in
            try await subject.setLimits(.budget(1000, .day))
            let window = BudgetPeriod.day.window(at: .at(0), since: .at(0))
            let ends = [window.afterEnd, BudgetWindow.never]
            let waiting = [
                try await subject.queue(NewJob.sample(at: 0, dueAt: ends[0])),
                try await subject.queue(NewJob.sample(at: 1, dueAt: ends[1])),
            ]
            let other = try await subject.queue(NewJob.sample(at: 2, dueAt: window.end))
            let others = try await subject.queue(NewJob.sample(.bob, at: 3, dueAt: ends[0]))
            try await subject.setLimits(.budget(5000, .day), at: .at(9))
            for id in waiting { try expectEqual(try await subject.record(id).runAt, .at(9), "when it is due") }
            try expectEqual(try await subject.record(other).runAt, window.end, "when one is due whose caller said so")
            try expectEqual(try await subject.record(others).runAt, ends[0], "when another owner's is due")
            var request = ClaimRequest.sample(now: .at(10), rows: ["alpha", "beta"])
            request.alternates = []
            let first = try await subject.claim(request).jobs.map(\.id)
            try expectEqual(Set(first).isSubset(of: Set(waiting)) && !first.isEmpty, true, "that they are claimed")
        },
        Check("prices are set, changed and taken away; what waits for one is woken") { subject in
            func setting(_ model: String, _ text: String) -> PriceSetting {
                PriceSetting(provider: "alpha", model: model, prices: Array(text.utf8), setAt: .at(1))
            }
            let first = setting("a", #"{"input":1}"#)
            try await subject.store.setPrice(setting("b", #"{"input":2}"#), audit: .set())
            try await subject.store.setPrice(setting("a", #"{"input":9}"#), audit: .set())
            try await subject.store.setPrice(first, audit: .set())
            try await subject.store.setPrice(setting("b", ""), audit: .set())
            try expectEqual(try await subject.store.setPrices(), [first], "the prices")
            let waiting = try await subject.queue(NewJob.sample(at: 0, dueAt: BudgetWindow.never))
            let other = try await subject.queue(NewJob.sample(at: 1, dueAt: .at(50)))
            try expectEqual(try await subject.store.wake(at: .at(5)), 1, "how many were woken")
            try expectEqual(try await subject.record(waiting).runAt, .at(5), "when the one is due")
            try expectEqual(try await subject.record(other).runAt, .at(50), "when the other is due")
            let claim = try await subject.start(.sample(at: 3))
            _ = await subject.succeed(claim, .sample(at: .at(4)))
            let model = AttemptStart.sample().model
            let lines = try await subject.store.unpricedLines(provider: "alpha", model: model)
            let isUnpriced = AttemptReport.sample().entry?.cost.state == .unpriced
            try expectEqual(lines, isUnpriced ? 1 : 0, "the lines without a price")
            try expectEqual(try await subject.store.unpricedLines(provider: "beta", model: model), 0, "another row's")
        },
        Check("owners that are closed to a claim are stepped over, and that is said") { subject in
            let ada = try await subject.queue(NewJob.sample(.ada, at: 0))
            let bob = try await subject.queue(NewJob.sample(.bob, at: 1))
            var request = ClaimRequest.sample(now: .at(5), rows: ["alpha", "beta"])
            request.closed = [.ada]
            let claimed = try await subject.claim(request)
            try expectEqual(claimed.jobs.map(\.id), [bob], "what was claimed")
            try expect(claimed.steppedOver, "it was not said that somebody was stepped over")
            try expectEqual(claimed.nextRunAt, nil, "the next moment")
            request.closed = []
            let open = try await subject.claim(request)
            try expectEqual(open.jobs.map(\.id), [ada], "what was claimed once it was open")
            try expect(!open.steppedOver, "somebody was stepped over")
        },
        Check("each job is judged with its own stake: it begins, waits with its owner's others, or is put off alone") {
            subject in
            let first = try await subject.queue(NewJob.sample(.ada, at: 0))
            let second = try await subject.queue(NewJob.sample(.ada, at: 1))
            let third = try await subject.queue(NewJob.sample(.bob, at: 2))
            var request = ClaimRequest.sample(now: .at(5), rows: ["alpha", "beta"])
            request.judge = { job, epoch, starts in
                if job.id == first { return .putOff(until: .at(100)) }
                if job.owner == .bob { return .wait }
                // The second row, though the first is there.
                guard starts.map(\.row) == ["alpha", "beta"] else { return .wait }
                var start = starts[1]
                start.stake = AttemptStake(likely: [:], high: [:], cost: .priced(hold: epoch, high: 9), counted: 1)
                return .take(start)
            }
            var claimed = try await subject.claim(request)
            if claimed.jobs.isEmpty { claimed = try await subject.claim(request) }
            try expectEqual(claimed.jobs.map(\.id), [second], "what was claimed")
            try expectEqual(claimed.jobs.first?.start.stake?.cost, .priced(hold: 1, high: 9), "its stake")
            try expectEqual(claimed.jobs.first?.start.row, "beta", "its row")
            try expectEqual(try await subject.record(first).runAt, .at(100), "when the first is due")
            try expectEqual(try await subject.record(third).state, .queued, "the state of the one that waits")
            try expectEqual(try await subject.record(third).runAt, .at(2), "when it is due")
        },
        Check("a mark that was reached is to be told outside until it was, and a higher one again") { subject in
            try await subject.setLimits(.budget(100))
            try await subject.spend(50)
            try expectEqual(try await subject.store.alarms(notOverAt: .at(0)), [], "what is to be told at first")
            try await subject.spend(31, at: 3)
            let first = try await subject.store.alarms(notOverAt: .at(0))
            try expectEqual(first.map(\.told), [80], "the mark")
            try expectEqual(first.map(\.account), ["ada"], "whose it is")
            if let record = first.first { try await subject.store.noteAlarmed(record) }
            try expectEqual(try await subject.store.alarms(notOverAt: .at(0)), [], "what is to be told then")
            try await subject.spend(20, at: 5)
            try expectEqual(try await subject.store.alarms(notOverAt: .at(0)).map(\.told), [100], "the next mark")
            // Whoever sets a budget that is used up already knows that.
            try await subject.setLimits(.budget(90), at: .at(7))
            try expectEqual(try await subject.store.alarms(notOverAt: .at(0)), [], "what is to be told of a new budget")
            // One that is larger, of which less is used now, tells of all of it once more.
            try await subject.setLimits(.budget(120), at: .at(8))
            try await subject.spend(20, at: 9)
            let higher = try await subject.store.alarms(notOverAt: .at(0))
            try expectEqual(higher.map(\.told), [100], "the mark of the larger budget")
            try await subject.setLimits(.budget(1000), at: .at(10))
            // It was on its way when the budget was raised.
            if let late = higher.first { try await subject.store.noteAlarmed(late) }
            try await subject.spend(700, at: 11)
            try expectEqual(
                try await subject.store.alarms(notOverAt: .at(0)).map(\.told),
                [80],
                "the mark of the largest"
            )
        },
        Check("of windows that are over nobody is told any more") { subject in
            try await subject.setLimits(.budget(100, .day))
            try await subject.spend(90)
            let end = BudgetPeriod.day.window(at: .at(1), since: .at(0)).end ?? .at(0)
            try expectEqual(
                try await subject.store.alarms(notOverAt: end.adding(.milliseconds(-1))).count,
                1,
                "before its end"
            )
            try expectEqual(try await subject.store.alarms(notOverAt: end), [], "at its end")
        },
        Check("what waits of an owner and of a token is told with each commit, and read again") { subject in
            let heard = Mutex<[[String: QueueSize]]>([])
            subject.store.observe(wantsSpans: false) { news in
                if !news.queues.isEmpty { heard.withLock { $0.append(news.queues) } }
            }
            var job = NewJob.sample(at: 0)
            job.facts.token = TokenID(rawValue: "aaaaaaaa")
            let size = QueueSize(jobs: 1, bytes: Int64(job.input.byteCount))
            let id = try await subject.queue(job)
            try expectEqual(heard.withLock { $0.last }, ["ada": size, "aaaaaaaa": size], "what was told of the first")
            var other = NewJob.sample(at: 1)
            other.facts.token = nil
            try await subject.queue(other)
            try expectEqual(heard.withLock { $0.last }, ["ada": size + size], "what was told of the second")
            try expectEqual(
                try await subject.store.queueSizes(),
                ["ada": size + size, "aaaaaaaa": size],
                "what is kept"
            )
            _ = try await subject.cancel(id, at: .at(2))
            try expectEqual(
                heard.withLock { $0.last },
                ["ada": size, "aaaaaaaa": QueueSize()],
                "what was told of a cancellation"
            )
            try expectEqual(try await subject.store.queueSizes(), ["ada": size], "what is kept then")
        },
    ]
}
