import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let ledgerChecks = [
        Check("a success posts what was used once, under its owner, row, model and day, however often it is repeated") {
            subject in
            let claim = try await subject.start()
            _ = await subject.succeed(claim, .sample())
            _ = await subject.succeed(claim, .sample(text: "again"))
            let report = AttemptReport.sample()
            try await subject.expectLines(claim, [report.entry])
            try expectEqual(
                try await subject.record(claim.id).lastAttempt?.report?.entry,
                report.entry,
                "the attempt's entry"
            )
            try await subject.expectSums(report.entry.map { LedgerSums($0) })
        },
        Check("an answer without usage has a line that says so") { subject in
            let claim = try await subject.start()
            let output = AttemptOutput(log: [], text: "", complete: true)
            _ = await subject.succeed(
                claim,
                Success(report: AttemptReport(endedAt: .at(3)), output: output, body: [], finish: "stop")
            )
            try await subject.expectLines(claim, [.seen])
        },
        Check("a failure without usage has no line, and one of which nobody can tell has") { subject in
            var report = AttemptReport.sample(.server)
            report.entry = nil
            for isUnknown in [false, true] {
                let claim = try await subject.start(.sample(at: isUnknown ? 2 : 1))
                let failure = Failure(report: report, outcomeIsUnknown: isUnknown, counts: true, retryAt: nil)
                _ = await subject.fail(claim, failure)
                try await subject.expectLines(claim, isUnknown ? [.seen] : [])
            }
        },
        Check("each attempt of a job has a line of its own") { subject in
            let claim = try await subject.start()
            guard case .renewed(let next) = await subject.retryNow(claim, after: .sample(), .sample("beta")) else {
                throw ConformanceFailure("the step to another row was refused", #fileID, #line)
            }
            _ = await subject.succeed(next, .sample(at: .at(5)))
            let lines = try await subject.store.lines(of: claim.id)
            try expectEqual(lines.map(\.epoch), [1, 2], "the epochs")
            try expectEqual(lines.map(\.key.provider), ["alpha", "beta"], "the providers")
        },
        Check("a cancellation posts a guess, which gives way to what its worker tells; the sums follow") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            try await subject.expectLines(claim, [.guessed(.sample)])
            try await subject.expectSums(LedgerSums(.guessed(.sample)))
            let answer = Success.sample(at: .at(3))
            _ = await subject.succeed(claim, answer)
            try await subject.expectLines(claim, [answer.report.entry])
            try await subject.expectSums(answer.report.entry.map { LedgerSums($0) })
        },
        Check("a cancelled attempt that had sent nothing, or failed for nothing, is free") { subject in
            for sent in [false, true] {
                let claim = try await subject.start(.sample(at: sent ? 2 : 1))
                _ = try await subject.cancel(claim.id, at: .at(2))
                var report = AttemptReport.sample(at: .at(3), .server)
                report.entry = nil
                if sent {
                    _ = await subject.fail(claim, Failure(report: report, counts: true, retryAt: nil))
                } else {
                    _ = await subject.release(claim, at: .at(3))
                }
                try await subject.expectLines(claim, [.free])
            }
        },
        Check("a rescue posts a guess, which gives way to a late answer, on the day of its start") { subject in
            let claim = try await subject.start()
            _ = try await subject.rescue(boot: .second, at: .at(5))
            try await subject.expectLines(claim, [.guessed(.sample)])
            let answer = Success.sample(at: .at(3 * 86_400 + 7))
            _ = await subject.succeed(claim, answer)
            try await subject.expectLines(claim, [answer.report.entry])
            try await subject.expectSums(answer.report.entry.map { LedgerSums($0) })
        },
        Check("what has a price keeps it, whatever is told later") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            var answer = Success.sample(at: .at(3))
            answer.report.entry?.cost = .priced(7)
            answer.report.entry?.counted = 7
            _ = await subject.succeed(claim, answer)
            var failure = Failure.sample(at: .at(4), unknown: true)
            failure.report.entry = LedgerEntry(
                basis: .told,
                units: .exactly(["input": 1]),
                cost: .priced(900),
                price: LedgerPrice(.table, version: "2", variant: "batch"),
                counted: 900,
                served: "other"
            )
            _ = await subject.fail(claim, failure)
            try await subject.expectLines(claim, [answer.report.entry])
            try await subject.expectSums(answer.report.entry.map { LedgerSums($0) })
        },
        Check("sums are held at their bounds") { subject in
            var sums = LedgerSums()
            for _ in 1...3 {
                let claim = try await subject.start()
                var answer = Success.sample()
                answer.report.entry?.cost = .priced(5_000_000_000_000_000_000)
                answer.report.entry?.counted = 5_000_000_000_000_000_000
                _ = await subject.succeed(claim, answer)
                sums = sums + (answer.report.entry.map { LedgerSums($0) } ?? LedgerSums())
            }
            try expectEqual(sums.cost, LedgerSums.most, "the cost")
            try await subject.expectSums(sums)
        },
        Check("sums are told apart by what was asked for, and left out where they are another's") { subject in
            let day: Int64 = 86_400
            for (row, second) in [("alpha", 1), ("beta", 2), ("beta", day + 3)] as [(String, Int64)] {
                let job = NewJob.sample(at: Double(second))
                guard case .started(let claim) = try await subject.submitRunning(job, row: row) else {
                    throw ConformanceFailure("a new job was not started", #fileID, #line)
                }
                var answer = Success.sample(at: .at(Double(second + 1)))
                answer.report.entry?.cost = .priced(second)
                _ = await subject.succeed(claim, answer)
            }
            let first = LedgerKey.day(of: .at(0))
            @Sendable
            func costs(
                _ parts: Set<UsageQuery.Part>,
                _ days: ClosedRange<Int64> = 0...10,
                provider: String? = nil
            ) async throws -> [Int64] {
                var query = UsageQuery(first + days.lowerBound...first + days.upperBound, by: parts)
                query.provider = provider
                return try await subject.store.usage(query).map(\.sums.cost).sorted()
            }
            try expectEqual(try await costs([]), [day + 6], "all of it")
            try expectEqual(try await costs([.provider]), [1, day + 5], "by provider")
            try expectEqual(try await costs([.day]), [3, day + 3], "by day")
            try expectEqual(try await costs([.day, .provider]), [1, 2, day + 3], "by both")
            try expectEqual(try await costs([.owner], 0...0), [3], "of one day")
            try expectEqual(try await costs([], provider: "beta"), [day + 5], "of one provider")
            try expectEqual(try await costs([], provider: "nobody"), [], "of a provider that nobody asked")
            try expectEqual(try await costs([.model], 5...6), [], "of days without any")
        },
        Check("sums that go beyond their bounds only together are held there as well") { subject in
            for row in ["alpha", "beta"] {
                guard case .started(let claim) = try await subject.submitRunning(.sample(), row: row) else {
                    throw ConformanceFailure("a new job was not started", #fileID, #line)
                }
                var answer = Success.sample()
                answer.report.entry?.cost = .priced(8_000_000_000_000_000_001)
                _ = await subject.succeed(claim, answer)
            }
            let days: ClosedRange<Int64> = -1_000_000...1_000_000
            let apart = try await subject.store.usage(UsageQuery(days, by: [.provider]))
            try expectEqual(apart.map(\.sums.cost), Array(repeating: 8_000_000_000_000_000_001, count: 2), "apart")
            let together = try await subject.store.usage(UsageQuery(days, by: []))
            try expectEqual(together.map(\.sums.cost), [LedgerSums.most], "together")
            try expectEqual(together.map(\.sums.input), [22], "what stays within its bounds")
        },
        Check("a line is written whatever is said at length in it, with so much of that as has room") { subject in
            let long = String(repeating: "e\u{301}", count: 200)
            let claim = try await subject.start()
            var answer = Success.sample()
            answer.report.entry?.cost = .unpriced(reason: long, low: 3)
            answer.report.entry?.price = LedgerPrice(.table, version: long, variant: long)
            answer.report.entry?.served = long
            _ = await subject.succeed(claim, answer)
            let lines = try await subject.store.lines(of: claim.id)
            let entry = lines.first?.entry
            // Three bytes each, and the last is not cut in the middle of a scalar.
            let words = [entry?.served, entry?.price?.version, entry?.price?.variant]
            try expectEqual(words.map { $0?.utf8.count }, [256, 256, 256], "the lengths")
            guard case .unpriced(let reason, 3) = entry?.cost else {
                throw ConformanceFailure("the line is another", #fileID, #line)
            }
            try expectEqual(reason.utf8.count, 256, "the reason's length")
        },
        Check("a line is read back as it was written, whatever it says") { subject in
            let entry = LedgerEntry(
                basis: .seen,
                units: .between(low: ["input": 1], likely: ["input": 3, "output.reasoning": 2], high: ["input": 9]),
                raw: Array("{}".utf8),
                cost: .unknown(low: 1, likely: 20, high: 300),
                price: LedgerPrice(.approximate, version: "2026-11", variant: "flex"),
                counted: 20,
                served: "gpt-5-2026"
            )
            let claim = try await subject.start()
            var failure = Failure.sample(unknown: true, retryAt: nil)
            failure.report.entry = entry
            _ = await subject.fail(claim, failure)
            try await subject.expectLines(claim, [entry])
            try expectEqual(try await subject.record(claim.id).lastAttempt?.report?.entry, entry, "the attempt's entry")
        },
        Check("a line outlives its job, and what is told of that later reaches it") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            try await subject.purge(at: .at(2 + 8 * 86_400))
            try await subject.expectLines(claim, [.guessed(.sample)])
            _ = await subject.succeed(claim, .sample())
            var entry = AttemptReport.sample().entry
            entry?.raw = []
            try await subject.expectLines(claim, [entry])
            try await subject.expectSums(entry.map { LedgerSums($0) })
        },
        Check("a deletion takes the provider's own words out of the line, and leaves the numbers") { subject in
            let id = try await subject.succeeded()
            _ = try await subject.deleteBodies(id)
            var entry = AttemptReport.sample().entry
            entry?.raw = []
            try expectEqual(try await subject.store.lines(of: id).map(\.entry), [entry].compactMap(\.self), "the lines")
        },
        Check("what is told after a deletion brings the provider's own words back no more") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            _ = try await subject.deleteBodies(claim.id)
            _ = await subject.succeed(claim, .sample(at: .at(3)))
            var entry = AttemptReport.sample(at: .at(3)).entry
            entry?.raw = []
            try await subject.expectLines(claim, [entry])
        },
        Check("lines go by whole days when their time is over, and sums when theirs is") { subject in
            let claim = try await subject.start()
            _ = await subject.succeed(claim, .sample())
            let day = LedgerKey.day(of: claim.start.startedAt)
            let start = Timestamp(milliseconds: (day + 1) * 86_400_000)
            func cut(_ after: Duration) async throws -> Int {
                try await subject.store.cutLedger(at: start.adding(after), limit: 9)
            }
            try expectEqual(try await cut(subject.retention.ledger + .milliseconds(-1)), 0, "what went too early")
            try expectEqual(try await cut(subject.retention.ledger), 1, "the lines that went")
            try expectEqual(try await subject.store.lines(of: claim.id), [], "the lines that are left")
            try await subject.expectSums(AttemptReport.sample().entry.map { LedgerSums($0) })
            try expectEqual(try await cut(subject.retention.usage + .milliseconds(-1)), 0, "sums that went too early")
            try expectEqual(try await cut(subject.retention.usage), 1, "the sums that went")
            try await subject.expectSums(nil)
        },
    ]
}

extension Subject {
    /// The lines of a claim's job say just this, oldest first; an epoch for each, under the claim's own key.
    func expectLines(
        _ claim: ClaimedJob,
        _ entries: [LedgerEntry?],
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let lines = entries.compactMap(\.self).enumerated().map { place, entry in
            LedgerLine(
                job: claim.id,
                epoch: Int64(place) + 1,
                key: LedgerKey(claim, secret: store.secret),
                entry: entry
            )
        }
        try expectEqual(try await store.lines(of: claim.id), lines, "the lines", fileID: fileID, line: line)
    }

    /// All that the store's sums hold is one row with these; none for nil.
    func expectSums(_ sums: LedgerSums?, fileID: String = #fileID, line: Int = #line) async throws {
        let days = try await store.usage(UsageQuery(-1_000_000...1_000_000))
        try expectEqual(days.map(\.sums), [sums].compactMap(\.self), "the sums", fileID: fileID, line: line)
        guard let day = days.first else { return }
        let start = AttemptStart.sample()
        try expectEqual(day.provider, start.row, "the provider", fileID: fileID, line: line)
        try expectEqual(day.model, start.model, "the model", fileID: fileID, line: line)
        try expectEqual(day.owner, .ada, "the owner", fileID: fileID, line: line)
        try expectEqual(day.day, LedgerKey.day(of: start.startedAt), "the day", fileID: fileID, line: line)
    }
}
