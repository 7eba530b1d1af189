import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let succeedChecks = [
        Check("a success stores the result, closes the attempt and ends the job") { subject in
            let id = try await subject.queue()
            let claim = try await subject.claimOne()
            let before = try await subject.record(id)
            let answer = await subject.succeed(claim, .sample())
            try expectEqual(answer, .settled(.succeeded, runAt: nil), "the settlement")
            let closed = AttemptRecord(epoch: 1, start: .sample(), outcome: .ok, report: .sample())
            try await subject.expectRecord(before) { record in
                record.end(.succeeded, at: .at(2), kept: subject.retention.succeeded)
                record.result = Success.sample().result(epoch: 1)
                record.lastAttempt = closed
            }
            try await subject.expectAttempts(id, [closed])
        },
        Check("a success without usage, body or upstream id is stored as it is") { subject in
            let claim = try await subject.start()
            let report = AttemptReport(endedAt: .at(3))
            let output = AttemptOutput(log: [], text: "", complete: true)
            let success = Success(report: report, output: output, body: [], finish: "length")
            _ = await subject.succeed(claim, success)
            let record = try await subject.record(claim.id)
            try expectEqual(record.result, success.result(epoch: 1), "the result")
            var stored = report
            stored.entry = .seen
            try expectEqual(record.lastAttempt?.report, stored, "the report")
        },
        Check("a success clears deferredSince") { subject in
            let id = try await subject.queue()
            _ = await subject.defer(try await subject.claimOne(), .sample(.rateLimit), until: .at(5))
            let claim = try await subject.claimOne(.sample(now: .at(6)))
            try expectEqual(claim.deferredSince, .at(2), "the claim's deferredSince")
            _ = await subject.succeed(claim, .sample(at: .at(7)))
            try expectEqual(try await subject.record(id).deferredSince, nil, "deferredSince")
            try expectEqual(try await subject.record(id).result?.epoch, 2, "the result's epoch")
        },
        Check("a success repeated answers as the first and changes nothing") { subject in
            let claim = try await subject.start()
            _ = await subject.succeed(claim, .sample())
            let before = try await subject.record(claim.id)
            for text in ["Hello", "Another text"] {
                let answer = await subject.succeed(claim, .sample(text: text))
                try expectEqual(answer, .settled(.succeeded, runAt: nil), "the repeated settlement")
                try await subject.expectRecord(before) { _ in }
            }
            try expectEqual(try await subject.attempts(claim.id).count, 1, "the number of attempts")
        },
        Check("settlements of one claim at once leave one result") { subject in
            let claim = try await subject.start()
            let answers = await withTaskGroup(of: Subject.Settled.self) { group in
                for number in 0..<8 { group.addTask { await subject.succeed(claim, .sample(text: "\(number)")) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for answer in answers { try expectEqual(answer, .settled(.succeeded, runAt: nil), "a settlement") }
            let result = try await subject.record(claim.id).result
            _ = await subject.succeed(claim, .sample(text: "later"))
            try expectEqual(try await subject.record(claim.id).result, result, "the result")
        },
    ]

    static let zombieChecks = [
        Check("an answer that comes after a cancellation is kept on its attempt alone") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let before = try await subject.record(claim.id)
            try expectEqual(await subject.succeed(claim, .sample(at: .at(3))), .stale, "the settlement")
            let closed = AttemptRecord(epoch: 1, start: claim.start, outcome: .cancelled, report: .sample(at: .at(3)))
            try await subject.expectRecord(before) { $0.lastAttempt = closed }
        },
        Check("a failure that comes after a cancellation is kept on its attempt alone") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let before = try await subject.record(claim.id)
            let failure = Failure.sample(at: .at(3), .cancelled)
            try expectEqual(await subject.fail(claim, failure), .stale, "the settlement")
            let closed = AttemptRecord(epoch: 1, start: claim.start, outcome: .cancelled, report: failure.report)
            try await subject.expectRecord(before) { $0.lastAttempt = closed }
        },
        Check("an answer that comes after a rescue is late and changes nothing") { subject in
            let claim = try await subject.start()
            _ = try await subject.rescue(boot: .second, at: .at(5))
            let before = try await subject.record(claim.id)
            for _ in 1...2 {
                try expectEqual(await subject.succeed(claim, .sample(at: .at(6))), .stale, "the settlement")
                let closed = AttemptRecord(epoch: 1, start: claim.start, outcome: .late, report: .sample(at: .at(6)))
                try await subject.expectRecord(before) { $0.lastAttempt = closed }
            }
        },
        Check("a zombie can't settle a job that another worker runs") { subject in
            let id = try await subject.queue()
            let zombie = try await subject.claimOne()
            _ = try await subject.rescue(boot: .second, at: .at(5))
            let living = try await subject.claimOne(.sample(now: .at(6), boot: .second))
            try expect(living.epoch > zombie.epoch, "the epoch has not grown")
            let before = try await subject.record(id)
            let failure = Failure.sample(at: .at(7), counts: true, retryAt: nil)
            try expectEqual(await subject.succeed(zombie, .sample(at: .at(7), text: "old")), .stale, "the success")
            try expectEqual(await subject.fail(zombie, failure), .stale, "the failure")
            try expectEqual(await subject.release(zombie, at: .at(7)), .stale, "the release")
            try expectEqual(await subject.defer(zombie, .sample(), until: .at(99)), .stale, "the deferral")
            let setback = Setback.sample(at: .at(7))
            guard case .stale = await subject.retryNow(zombie, after: setback, .sample("beta")) else {
                throw ConformanceFailure("a zombie went on to another row", #fileID, #line)
            }
            try await subject.expectRecord(before) { _ in }
            let history = try await subject.attempts(id)
            try expectEqual(history.map(\.outcome), [.late, nil], "the outcomes")
            try expectEqual(history[0].report, failure.report, "the late report")
            let answer = await subject.succeed(living, .sample(at: .at(8), text: "new"))
            try expectEqual(answer, .settled(.succeeded, runAt: nil), "the living worker's settlement")
            try expectEqual(try await subject.record(id).result?.text, "new", "the result")
            try expectEqual(try await subject.record(id).result?.epoch, living.epoch, "the result's epoch")
        },
        Check("a zombie's answer to a job that has succeeded is late") { subject in
            let id = try await subject.queue()
            let zombie = try await subject.claimOne()
            _ = try await subject.rescue(boot: .second, at: .at(5))
            let living = try await subject.claimOne(.sample(now: .at(6), boot: .second))
            _ = await subject.succeed(living, .sample(at: .at(8), text: "new"))
            let before = try await subject.record(id)
            try expectEqual(await subject.succeed(zombie, .sample(at: .at(9), text: "old")), .stale, "the settlement")
            try await subject.expectRecord(before) { _ in }
            try expectEqual(try await subject.attempts(id).map(\.outcome), [.late, .ok], "the outcomes")
        },
        Check("a deferral that comes too late leaves its attempt as it is") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let before = try await subject.record(claim.id)
            try expectEqual(await subject.defer(claim, .sample(at: .at(3)), until: .at(9)), .stale, "the deferral")
            try await subject.expectRecord(before) { _ in }
        },
        Check("a claim on a job that was purged is stale") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            try await subject.purge(at: .at(2 + 8 * 86_400))
            try expectEqual(await subject.succeed(claim, .sample()), .stale, "the success")
            try expectEqual(await subject.fail(claim, .sample()), .stale, "the failure")
            try expectEqual(await subject.release(claim, at: .at(3)), .stale, "the release")
            try expect(try await subject.store.job(claim.id, owner: nil) == nil, "the job has come back")
        },
    ]
}
