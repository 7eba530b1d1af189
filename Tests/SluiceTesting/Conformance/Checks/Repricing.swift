import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let repricingChecks = [
        Check("lines are found by their moments, in slices, without a price alone or all of them") { subject in
            var ids: [JobID] = []
            for second in 1...5 {
                ids.append(try await subject.posted(second % 2 == 0 ? .priced(9) : .noPrice, at: Double(second)))
            }
            func found(_ query: RepricingQuery, limit: Int = 2) async throws -> [JobID] {
                var found: [JobID] = []
                var place: LedgerCursor?
                repeat {
                    let page = try await subject.store.lines(query, after: place, limit: limit)
                    found += page.lines.map(\.job)
                    place = page.next
                } while place != nil
                return found
            }
            let all = RepricingQuery(since: .at(0), until: .at(9), takesAll: true)
            try expectEqual(try await found(all), ids, "all")
            try expectEqual(try await found(all, limit: 100), ids, "all at once")
            var query = all
            query.takesAll = false
            try expectEqual(try await found(query), [ids[0], ids[2], ids[4]], "those without a price")
            try expectEqual(
                try await found(RepricingQuery(since: .at(2), until: .at(4), takesAll: true)),
                [ids[1], ids[2]],
                "those of some moments"
            )
            query = all
            query.provider = "beta"
            try expectEqual(try await found(query), [], "those of a row that nobody asked")
            query.provider = "alpha"
            query.model = AttemptStart.sample().model
            try expectEqual(try await found(query), ids, "those of the row and the model")
            query.model = "another"
            try expectEqual(try await found(query), [], "those of another model")
            try expectEqual(try await subject.store.oldestLine(), .at(1), "when the oldest began")
        },
        Check("a change moves the line, the sums of its day and what was spent, and what was before is kept") {
            subject in
            try await subject.setLimits(.budget(1000, .ever))
            let id = try await subject.posted(.noPrice, at: 1)
            let run = try await subject.beginRun()
            let change = try await subject.change(id, to: .priced(70), in: run)
            let line = try await subject.line(id)
            try expectEqual(line.entry.pricing, change.after, "what the line says")
            try await subject.expectSums(LedgerSums(line.entry))
            try expectEqual(try await subject.spent(), [70], "what was spent")
            let changed = try await subject.store.changes(of: run.id, after: nil, limit: 9)
            try expectEqual(
                changed,
                [ChangedLine(line: line, before: change.before, lastRun: run.id)],
                "what the run has changed"
            )
        },
        Check("a line that says something else by now stays as it is") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let run = try await subject.beginRun()
            let seen = try await subject.line(claim.id)
            _ = await subject.succeed(claim, .sample(at: .at(3)))
            let told = try await subject.line(claim.id)
            let change = LedgerChange(job: claim.id, epoch: 1, before: seen.entry.pricing, after: .priced(70))
            try expectEqual(try await subject.store.change([change], in: run.id).made, [], "what was changed")
            try expectEqual(try await subject.line(claim.id), told, "the line")
            try await subject.expectSums(LedgerSums(told.entry))
            try expectEqual(try await subject.store.changes(of: run.id, after: nil, limit: 9), [], "what is kept of it")
        },
        Check("what is told anew of a line that was changed is the end of those changes") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let run = try await subject.beginRun()
            let unknown = LedgerPricing(cost: .unknown(low: 1, likely: 2, high: 3), price: nil, counted: 2)
            try await subject.change(claim.id, to: unknown, in: run)
            _ = await subject.succeed(claim, .sample(at: .at(3)))
            let line = try await subject.line(claim.id)
            try expectEqual(line.entry, AttemptReport.sample(at: .at(3)).entry, "the line")
            try await subject.expectSums(LedgerSums(line.entry))
            try expectEqual(try await subject.store.changes(of: run.id, after: nil, limit: 9), [], "what is kept of it")
        },
        Check("a run that was broken off goes on under its number, and remembers what was before it") { subject in
            let id = try await subject.posted(.noPrice, at: 1)
            let run = try await subject.beginRun(since: 5)
            let first = try await subject.change(id, to: .priced(70), in: run)
            // As who says so long ago again, as much later.
            let again = try await subject.beginRun(since: 3, at: 52)
            try expectEqual(again.id, run.id, "its number")
            let whole = RepricingQuery(since: .at(3), until: .at(100), takesAll: true)
            try expectEqual(again.kind, .reprice(whole), "what it takes in")
            try await subject.change(id, to: .priced(71), in: again)
            let changed = try await subject.store.changes(of: run.id, after: nil, limit: 9)
            try expectEqual(changed.map(\.before), [first.before], "what was before")
            try await subject.endRun(run)
            try expect(try await subject.beginRun(since: 3).id != run.id, "a run went on that had ended")
            let other = try await subject.beginRun(since: 3)
            let wider = try await subject.beginRun(since: -1000)
            try expect(wider.id != other.id, "a run went on that was about other moments")
            try expectEqual(wider.kind, .reprice(.all(since: -1000)), "what it takes in")
        },
        Check("a run of another kind is the end of one that was broken off") { subject in
            let first = try await subject.beginRun()
            var query = RepricingQuery(since: .at(0), until: .at(9), provider: "beta", takesAll: true)
            let second = try await subject.beginRun(.reprice(query))
            try expect(second.id > first.id, "the numbers are not in order")
            try expect(try await subject.store.run(first.id)?.endedAt != nil, "the first run has not ended")
            query.until = .at(8)
            try expectEqual(try await subject.beginRun(.reprice(query)).id, second.id, "the number of the second")
            let undo = try await subject.beginRun(.undo(second.id))
            try expectEqual(try await subject.beginRun(.undo(second.id)).id, undo.id, "the number of the undoing one")
            try expect(try await subject.beginRun(.undo(first.id)).id != undo.id, "another's undoing went on")
            try expectEqual(try await subject.store.run(99), nil, "a run that nobody began")
        },
        Check("a run is taken back by another, and that by one more; who came later is known") { subject in
            let id = try await subject.posted(.noPrice, at: 1)
            let before = try await subject.line(id)
            let run = try await subject.beginRun()
            try await subject.change(id, to: .priced(70), in: run)
            try await subject.endRun(run)
            let undo = try await subject.beginRun(.undo(run.id))
            try await subject.change(id, to: before.entry.pricing, in: undo)
            try expectEqual(try await subject.line(id), before, "the line")
            try await subject.expectSums(LedgerSums(before.entry))
            let changed = try await subject.store.changes(of: run.id, after: nil, limit: 9)
            try expectEqual(changed.map(\.lastRun), [undo.id], "the last run")
            let undone = try await subject.store.changes(of: undo.id, after: nil, limit: 9)
            try expectEqual(undone.map(\.before), [.priced(70)], "what the undoing one found")
        },
        Check("what a run has changed is told in slices") { subject in
            let run = try await subject.beginRun()
            var ids: [JobID] = []
            for second in 1...5 {
                let id = try await subject.posted(.noPrice, at: Double(second))
                try await subject.change(id, to: .priced(7), in: run)
                ids.append(id)
            }
            var told: [JobID] = []
            var place: (JobID, Int64)?
            while true {
                let slice = try await subject.store.changes(of: run.id, after: place, limit: 2)
                guard let last = slice.last else { break }
                told += slice.map(\.line.job)
                place = (last.line.job, last.line.epoch)
            }
            try expectEqual(told, ids.sorted(), "the lines")
        },
        Check("what was changed goes with its line, and a run with the last of them") { subject in
            let id = try await subject.posted(.noPrice, at: 1)
            let run = try await subject.beginRun()
            try await subject.change(id, to: .priced(7), in: run)
            try await subject.endRun(run)
            let day = LedgerKey.day(of: .at(1))
            let end = Timestamp(milliseconds: (day + 1) * 86_400_000).adding(subject.retention.ledger)
            _ = try await subject.store.cutLedger(at: end, limit: 9)
            try expectEqual(try await subject.store.changes(of: run.id, after: nil, limit: 9), [], "what is kept of it")
            _ = try await subject.store.cutLedger(at: end, limit: 9)
            try expectEqual(try await subject.store.run(run.id), nil, "the run")
        },
        Check("a change that pushes a budget over its mark tells so once") { subject in
            try await subject.setLimits(.budget(100, .ever))
            let id = try await subject.posted(.noPrice, at: 1)
            let run = try await subject.beginRun()
            try await subject.change(id, to: .priced(85), in: run)
            try await subject.change(id, to: .priced(84), in: run)
            let marks = try await subject.store.audit(AuditQuery(action: "budget.reached", limit: 9))
            try expectEqual(marks.count, 1, "the lines of the audit")
        },
        Check("what was put off to a window's end is woken") { subject in
            try await subject.setLimits(.budget(1000, .day))
            let window = BudgetPeriod.day.window(at: .at(0), since: .at(0))
            let waiting = try await subject.queue(NewJob.sample(at: 0, dueAt: window.afterEnd))
            let other = try await subject.queue(NewJob.sample(at: 1, dueAt: window.end))
            try expectEqual(try await subject.store.wake(at: .at(5)), 1, "how many were woken")
            try expectEqual(try await subject.record(waiting).runAt, .at(5), "when the one is due")
            try expectEqual(try await subject.record(other).runAt, window.end, "when the other is due")
        },
    ]
}

extension LedgerPricing {
    fileprivate static let noPrice = LedgerPricing(cost: .unpriced(reason: "model", low: 0), price: nil, counted: 0)

    fileprivate static func priced(_ cost: Int64) -> LedgerPricing {
        LedgerPricing(cost: .priced(cost), price: LedgerPrice(.table, version: "2"), counted: cost)
    }
}

extension Subject {
    /// A line of an answer that was told whole.
    fileprivate func posted(_ pricing: LedgerPricing, at second: Double) async throws -> JobID {
        guard case .started(let claim) = try await submitRunning(.sample(at: second)) else {
            throw ConformanceFailure("a new job was not started", #fileID, #line)
        }
        var answer = Success.sample(at: .at(second + 0.5))
        answer.report.entry?.pricing = pricing
        _ = await succeed(claim, answer)
        return claim.id
    }

    fileprivate func line(_ id: JobID) async throws -> LedgerLine {
        guard let line = try await store.lines(of: id).first else {
            throw ConformanceFailure("there is no line", #fileID, #line)
        }
        return line
    }

    fileprivate func beginRun(since second: Double = 0, at moment: Double = 50) async throws -> LedgerRun {
        try await beginRun(.reprice(.all(since: second)), at: moment)
    }

    fileprivate func beginRun(_ kind: LedgerRun.Kind, at moment: Double = 50) async throws -> LedgerRun {
        let run = try await store.beginRun(kind, at: .at(moment), audit: .run("begun"))
        let told = try await store.audit(AuditQuery(action: "price.reprice", limit: 1)).map(\.subject)
        try expectEqual(told, ["run \(run.id)"], "whom the audit names")
        return run
    }

    fileprivate func endRun(_ run: LedgerRun) async throws {
        try await store.endRun(run.id, at: .at(60), audit: .run("ended"))
        try expectEqual(try await store.run(run.id)?.endedAt, .at(60), "when it ended")
    }

    @discardableResult
    fileprivate func change(_ id: JobID, to pricing: LedgerPricing, in run: LedgerRun) async throws -> LedgerChange {
        let line = try await line(id)
        let change = LedgerChange(job: id, epoch: line.epoch, before: line.entry.pricing, after: pricing)
        try expectEqual(try await store.change([change], in: run.id).made, [change], "what was changed")
        return change
    }
}

extension RepricingQuery {
    fileprivate static func all(since second: Double) -> RepricingQuery {
        RepricingQuery(since: .at(second), until: .at(100), takesAll: true)
    }
}

extension AuditEntry {
    fileprivate static func run(_ result: String) -> AuditEntry {
        AuditEntry(at: .at(50), actor: "operator", action: "price.reprice", subject: "", result: result)
    }
}
