import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let failChecks = [
        Check("a failure that counts queues the job again, once") { subject in
            let id = try await subject.queue()
            let first = try await subject.claimOne()
            let running = try await subject.record(id)
            try expectEqual(
                await subject.fail(first, .sample()),
                .settled(.queued, runAt: .at(10)),
                "the first failure"
            )
            let closed = AttemptRecord(epoch: 1, start: first.start, outcome: .failed, report: .sample(.server))
            let queued = try await subject.expectRecord(running) { record in
                record.state = .queued
                record.failures = 1
                record.runAt = .at(10)
                record.lastAttempt = closed
            }
            try expect(try await subject.claim(.sample(now: .at(9))).jobs.isEmpty, "it was claimed before its time")

            let second = try await subject.claimOne(.sample(now: .at(10), rows: ["beta"]))
            try expectEqual(second.epoch, 2, "the second epoch")
            try await subject.expectRecord(queued) { $0.begin(second) }
            let failure = Failure.sample(at: .at(11), .timeout, unknown: true, retryAt: .at(20))
            try expectEqual(await subject.fail(second, failure), .settled(.dead, runAt: nil), "the second failure")
            let unknown = AttemptRecord(epoch: 2, start: second.start, outcome: .unknown, report: failure.report)
            try await subject.expectRecord(queued) { record in
                record.epoch = 2
                record.end(.dead, at: .at(11), kept: subject.retention.dead)
                record.failures = 2
                record.attempts = 2
                record.possiblyCharged = true
                record.errorClass = .timeout
                record.lastAttempt = unknown
            }
            try await subject.expectAttempts(id, [closed, unknown])
        },
        Check("a failure that does not count leaves the counter alone, however often") { subject in
            let id = try await subject.queue()
            for round in 1...4 {
                let moment = Timestamp.at(Double(round) * 10)
                let claim = try await subject.claimOne(.sample(now: moment))
                try expectEqual(claim.failures, 0, "the failures")
                try expectEqual(claim.attempt, round, "the attempt")
                let failure = Failure.sample(at: moment, .invalidModel, counts: false, retryAt: moment)
                try expectEqual(await subject.fail(claim, failure), .settled(.queued, runAt: moment), "the settlement")
            }
            try expectEqual(try await subject.record(id).failures, 0, "the failures")
            try expectEqual(try await subject.record(id).attempts, 4, "the attempts")
        },
        Check("a failure that is not tried again ends the job at once") { subject in
            for counts in [false, true] {
                let claim = try await subject.start()
                let before = try await subject.record(claim.id)
                let failure = Failure.sample(at: .at(4), .tokenLimit, counts: counts, retryAt: nil)
                try expectEqual(await subject.fail(claim, failure), .settled(.dead, runAt: nil), "the settlement")
                try await subject.expectRecord(before) { record in
                    record.end(.dead, at: .at(4), kept: subject.retention.dead)
                    record.failures = counts ? 1 : 0
                    record.errorClass = .tokenLimit
                    record.lastAttempt = before.lastAttempt?.closed(.failed, failure.report)
                }
            }
        },
        Check("a job that dies of a failure without a class is dead of something unknown") { subject in
            let claim = try await subject.start()
            _ = await subject.fail(claim, .sample(nil, retryAt: nil))
            try expectEqual(try await subject.record(claim.id).errorClass, .unknown, "the error")
            try expectEqual(
                try await subject.record(claim.id).lastAttempt?.report?.errorClass,
                nil,
                "the report's error"
            )
        },
        Check("a failure repeated answers as the first and changes nothing") { subject in
            let id = try await subject.queue()
            let first = try await subject.claimOne()
            _ = await subject.fail(first, .sample())
            let queued = try await subject.record(id)
            try expectEqual(
                await subject.fail(first, .sample()),
                .settled(.queued, runAt: .at(10)),
                "the first, repeated"
            )
            try await subject.expectRecord(queued) { _ in }
            let second = try await subject.claimOne(.sample(now: .at(10)))
            let running = try await subject.record(id)
            try expectEqual(await subject.fail(first, .sample()), .settled(.queued, runAt: .at(10)), "the first, later")
            try await subject.expectRecord(running) { _ in }
            _ = await subject.fail(second, .sample(at: .at(11)))
            let dead = try await subject.record(id)
            let again = await subject.fail(second, .sample(at: .at(11)))
            try expectEqual(again, .settled(.dead, runAt: nil), "the second, repeated")
            try await subject.expectRecord(dead) { _ in }
        },
        Check("a failure clears deferredSince on the way back to the queue") { subject in
            let id = try await subject.queue()
            _ = await subject.defer(try await subject.claimOne(), .sample(.rateLimit), until: .at(5))
            let claim = try await subject.claimOne(.sample(now: .at(6)))
            _ = await subject.fail(claim, .sample(at: .at(7)))
            try expectEqual(try await subject.record(id).deferredSince, nil, "deferredSince")
            try expectEqual(try await subject.claimOne(.sample(now: .at(11))).deferredSince, nil, "the next claim's")
        },
        Check("a failure that counts nothing and waits begins the patience") { subject in
            let id = try await subject.queue()
            let refusal = Failure.sample(at: .at(7), .invalidModel, counts: false, retryAt: .at(8))
            let setback = Setback.sample(at: .at(7), .invalidModel)
            let claim = try await subject.claimOne()
            guard case .renewed(let second) = await subject.retryNow(claim, after: setback, .sample("beta")) else {
                throw ConformanceFailure("the call did not go on", #fileID, #line)
            }
            try expectEqual(second.deferredSince, nil, "deferredSince of a step that does not wait")
            _ = await subject.fail(second, refusal)
            try expectEqual(try await subject.record(id).deferredSince, .at(7), "deferredSince")
            try expectEqual(try await subject.claimOne(.sample(now: .at(9))).deferredSince, .at(7), "the next claim's")
        },
        Check("being turned away elsewhere does not begin the patience anew") { subject in
            let id = try await subject.queue()
            _ = await subject.defer(try await subject.claimOne(), .sample(.rateLimit), until: .at(5))
            let claim = try await subject.claimOne(.sample(now: .at(6)))
            let setback = Setback.sample(at: .at(7), .invalidModel)
            let refusal = Failure.sample(at: .at(7), .invalidModel, counts: false, retryAt: .at(8))
            guard case .renewed(let second) = await subject.retryNow(claim, after: setback, .sample("beta")) else {
                throw ConformanceFailure("the call did not go on", #fileID, #line)
            }
            try expectEqual(second.deferredSince, .at(2), "deferredSince of the next step")
            _ = await subject.fail(second, refusal)
            try expectEqual(try await subject.record(id).deferredSince, .at(2), "deferredSince in the queue")
            let third = try await subject.claimOne(.sample(now: .at(9)))
            _ = await subject.fail(third, .sample(.network, unknown: true, counts: false, retryAt: .at(10)))
            try expectEqual(try await subject.record(id).deferredSince, nil, "deferredSince after a call")
        },
    ]

    static let retryChecks = [
        Check("a step to another row closes one attempt and opens the next") { subject in
            let first = try await subject.start(.sample(deadlineAt: .at(99)))
            let before = try await subject.record(first.id)
            let failure = Setback.sample()
            let start = AttemptStart.sample("beta", at: .at(2))
            guard case .renewed(let second) = await subject.retryNow(first, after: failure, start) else {
                throw ConformanceFailure("the call did not go on", #fileID, #line)
            }
            try expectEqual(second.id, first.id, "the id")
            try expectEqual(second.epoch, 2, "the epoch")
            try expectEqual(second.attempt, 2, "the attempt")
            try expectEqual(second.failures, 0, "the failures")
            try expectEqual(second.failedRows, ["alpha"], "the failed rows")
            try expectEqual(second.start, start, "the start")
            try expectEqual(second.input, first.input, "the input")
            try expectEqual(second.deadlineAt, .at(99), "the deadline")
            try await subject.expectRecord(before) { $0.begin(second) }
            let closed = AttemptRecord(epoch: 1, start: first.start, outcome: .failed, report: failure.report)
            let open = AttemptRecord(epoch: 2, start: start, outcome: nil, report: nil)
            try await subject.expectAttempts(first.id, [closed, open])
            let answer = await subject.succeed(second, .sample(at: .at(3)))
            try expectEqual(answer, .settled(.succeeded, runAt: nil), "the settlement")
            try expectEqual(try await subject.record(first.id).result?.epoch, 2, "the result's epoch")
        },
        Check("a step closes an attempt that met a limit as deferred") { subject in
            let first = try await subject.start()
            let limit = Setback.sample(.rateLimit, isDeferral: true)
            guard case .renewed(let second) = await subject.retryNow(first, after: limit, .sample("beta")) else {
                throw ConformanceFailure("the call did not go on", #fileID, #line)
            }
            try expectEqual(second.failedRows, [], "the failed rows")
            try expectEqual(second.history.limitedAt, .at(2), "when it was limited")
            try expectEqual(try await subject.attempts(first.id).map(\.outcome), [.deferred, nil], "the outcomes")
        },
        Check("a claim knows what the attempts before it came to") { subject in
            try await subject.queue(.sample(onUnknown: .retry))
            let first = try await subject.claimOne(.sample(rows: ["alpha"]))
            _ = await subject.defer(first, .sample(at: .at(2), .rateLimit), until: .at(3))
            let second = try await subject.claimOne(.sample(now: .at(4), rows: ["beta"]))
            try expectEqual(second.history.limitedAt, .at(2), "when it was limited")
            try expectEqual(second.history.ownLimits, 0, "its own limits")
            _ = await subject.fail(second, .sample(at: .at(5), .rateLimit, counts: false, retryAt: .at(6)))
            let third = try await subject.claimOne(.sample(now: .at(7), rows: ["gamma"]))
            try expectEqual(third.history.ownLimits, 1, "its own limits after one")
            try expectEqual(third.history.limitedAt, .at(5), "when it was limited last")
            try expectEqual(third.history.setbacks, 0, "what its pauses grow by")
            _ = await subject.fail(third, .sample(at: .at(8), .timeout, unknown: true, retryAt: .at(9)))
            let fourth = try await subject.claimOne(.sample(now: .at(10)))
            try expectEqual(fourth.history.unknowns, 1, "the unknown attempts")
            try expectEqual(fourth.history.ownLimits, 0, "its own limits once it is put off no more")
            try expectEqual(fourth.history.setbacks, 1, "what its pauses grow by")
            try expectEqual(fourth.history.failedRows, ["beta", "gamma"], "the failed rows")
            try expectEqual(fourth.attempt, 4, "the attempt")
        },
        Check("steps may be many") { subject in
            var claim = try await subject.start()
            for number in 1...5 {
                let failure = Setback.sample(.rateLimit)
                guard case .renewed(let next) = await subject.retryNow(claim, after: failure, .sample("row \(number)"))
                else { throw ConformanceFailure("the call did not go on", #fileID, #line) }
                claim = next
            }
            try expectEqual(claim.epoch, 6, "the epoch")
            try expectEqual(claim.failures, 0, "the failures")
            try expectEqual(claim.failedRows, ["alpha", "row 1", "row 2", "row 3", "row 4"], "the failed rows")
            try expectEqual(try await subject.attempts(claim.id).count, 6, "the number of attempts")
        },
        Check("a step stays with the process that took it") { subject in
            let first = try await subject.start()
            guard case .renewed = await subject.retryNow(first, after: .sample(), .sample("beta")) else {
                throw ConformanceFailure("the call did not go on", #fileID, #line)
            }
            try expectEqual(try await subject.rescue(boot: .first, at: .at(9)), [], "the rescue by the same life")
        },
        Check("a step after a cancellation is stale and keeps its facts on the attempt") { subject in
            let first = try await subject.start()
            _ = try await subject.cancel(first.id, at: .at(2))
            let before = try await subject.record(first.id)
            let failure = Setback.sample(at: .at(3))
            guard case .stale = await subject.retryNow(first, after: failure, .sample("beta")) else {
                throw ConformanceFailure("a cancelled call went on", #fileID, #line)
            }
            try await subject.expectRecord(before) {
                $0.lastAttempt = before.lastAttempt?.closed(.cancelled, failure.report)
            }
        },
    ]
}
