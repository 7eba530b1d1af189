import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let returnChecks = [
        Check("a release queues the job at once and charges nothing") { subject in
            let id = try await subject.queue()
            let queued = try await subject.record(id)
            let claim = try await subject.claimOne()
            for _ in 1...2 {
                try expectEqual(
                    await subject.release(claim, at: .at(4)),
                    .settled(.queued, runAt: .at(4)),
                    "the release"
                )
                let closed = AttemptRecord(
                    epoch: 1,
                    start: claim.start,
                    outcome: .released,
                    report: AttemptReport(endedAt: .at(4))
                )
                try await subject.expectRecord(queued) { record in
                    record.epoch = 1
                    record.runAt = .at(4)
                    record.lastAttempt = closed
                }
                try await subject.expectAttempts(id, [closed])
            }
            let again = try await subject.claimOne(.sample(now: .at(4)))
            try expectEqual(again.attempt, 1, "the attempt after a release")
            try expectEqual(again.epoch, 2, "the epoch after a release")
            try expectEqual(again.failures, 0, "the failures after a release")
            try expectEqual(again.failedRows, [], "the failed rows after a release")
            try expectEqual(try await subject.record(id).attempts, 1, "the attempts with a new one running")
        },
        Check("a deferral queues the job for its moment and moves no counter") { subject in
            let id = try await subject.queue()
            let first = try await subject.claimOne()
            let running = try await subject.record(id)
            let report = AttemptReport.sample(.rateLimit)
            for _ in 1...2 {
                let answer = await subject.defer(first, report, until: .at(60))
                try expectEqual(answer, .settled(.queued, runAt: .at(60)), "the deferral")
                try await subject.expectRecord(running) { record in
                    record.state = .queued
                    record.runAt = .at(60)
                    record.deferredSince = .at(2)
                    record.lastAttempt = running.lastAttempt?.closed(.deferred, report)
                }
            }
            try expect(try await subject.claim(.sample(now: .at(59))).jobs.isEmpty, "it was claimed before its time")
            let second = try await subject.claimOne(.sample(now: .at(60)))
            try expectEqual(second.failures, 0, "the failures")
            try expectEqual(second.failedRows, [], "the failed rows")
            try expectEqual(second.attempt, 2, "the attempt")
        },
        Check("a second deferral keeps the moment of the first") { subject in
            let id = try await subject.queue()
            let first = try await subject.claimOne()
            _ = await subject.defer(first, .sample(at: .at(2), .rateLimit), until: .at(60))
            let second = try await subject.claimOne(.sample(now: .at(60)))
            try expectEqual(second.deferredSince, .at(2), "the second claim's deferredSince")
            _ = await subject.defer(second, .sample(at: .at(61), .overloaded), until: .at(90))
            let record = try await subject.record(id)
            try expectEqual(record.deferredSince, .at(2), "deferredSince")
            try expectEqual(record.runAt, .at(90), "runAt")
            try expectEqual(record.attempts, 2, "the attempts")
            try expectEqual(record.possiblyCharged, false, "possiblyCharged")
        },
    ]

    static let cancelChecks = [
        Check("a queued job is cancelled without an attempt") { subject in
            let id = try await subject.queue()
            let before = try await subject.record(id)
            let answer = try await subject.cancel(id, owner: .ada, at: .at(3))
            try expectEqual(answer, .cancelled(wasRunning: false), "the cancellation")
            try await subject.expectRecord(before) { record in
                record.end(.cancelled, at: .at(3), kept: subject.retention.cancelled)
                record.epoch = 1
            }
            try await subject.expectAttempts(id, [])
            let claimed = try await subject.claim(.sample(now: .at(9)))
            try expect(claimed.jobs.isEmpty && claimed.nextRunAt == nil, "a cancelled job was claimed")
        },
        Check("a running job is cancelled with its attempt, and may have been charged") { subject in
            let claim = try await subject.start()
            let before = try await subject.record(claim.id)
            let answer = try await subject.cancel(claim.id, at: .at(3))
            try expectEqual(answer, .cancelled(wasRunning: true), "the cancellation")
            try await subject.expectRecord(before) { record in
                record.end(.cancelled, at: .at(3), kept: subject.retention.cancelled)
                record.epoch = 2
                record.possiblyCharged = true
                record.lastAttempt = before.lastAttempt?.closed(.cancelled, AttemptReport(endedAt: .at(3)))
            }
        },
        Check("a cancellation's line stands in the audit where the job was cancelled, and only there") { subject in
            let id = try await subject.queue()
            let line = AuditEntry(at: .at(5), actor: "operator", action: "job.cancel", subject: "\(id)", result: "ok")
            for (owner, answer) in [
                (OwnerID.bob, Cancellation.notFound), (.ada, .cancelled(wasRunning: false)), (.ada, .ended(.cancelled)),
            ] {
                let got = try await subject.store.cancel(id, owner: owner, at: .at(5), audit: line)
                try expectEqual(got, answer, "the cancellation")
                if case .cancelled = got { subject.note { $0.cancelled(id) } }
            }
            try expectEqual(try await subject.store.audit(AuditQuery(limit: 9)), [line], "the audit")
        },
        Check("a job that was cancelled before anything was sent was not charged") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(3))
            try expectEqual(await subject.release(claim, at: .at(4)), .stale, "the late release")
            try expectEqual(await subject.release(claim, at: .at(4)), .stale, "the late release, repeated")
            let record = try await subject.record(claim.id)
            try expectEqual(record.state, .cancelled, "the state")
            try expect(!record.possiblyCharged, "the job says that it may have been charged")
            try expectEqual(try await subject.attempts(claim.id).map(\.outcome), [.released], "the outcome")
        },
        Check("an ended job is not cancelled") { subject in
            let succeeded = try await subject.succeeded()
            let dead = try await subject.dead(.sample(at: 1))
            let cancelled = try await subject.queue(.sample(at: 2))
            _ = try await subject.cancel(cancelled, at: .at(3))
            for (id, state) in [(succeeded, JobState.succeeded), (dead, .dead), (cancelled, .cancelled)] {
                let before = try await subject.record(id)
                for owner in [OwnerID.ada, nil] {
                    let answer = try await subject.cancel(id, owner: owner, at: .at(9))
                    try expectEqual(answer, .ended(state), "the cancellation of a job that is \(state)")
                }
                try await subject.expectRecord(before) { _ in }
            }
        },
        Check("another owner's job is not found, whatever is asked of it") { subject in
            let queued = try await subject.queue(.sample(.ada, at: 0))
            let running = try await subject.start(.sample(.ada, at: 1)).id
            let succeeded = try await subject.succeeded(.sample(.ada, at: 2))
            let dead = try await subject.dead(.sample(.ada, at: 3))
            for id in [queued, running, succeeded, dead] {
                let before = try await subject.record(id)
                try expectEqual(try await subject.cancel(id, owner: .bob, at: .at(9)), .notFound, "cancel")
                try expectEqual(try await subject.redrive(id, owner: .bob, at: .at(9)), .notFound, "redrive")
                try expectEqual(try await subject.deleteBodies(id, owner: .bob), .notFound, "deleteBodies")
                try expect(try await subject.store.job(id, owner: .bob) == nil, "Bob reads Ada's job")
                try expectEqual(try await subject.store.attempts(id, owner: .bob), nil, "the attempts Bob reads")
                try await subject.expectRecord(before) { _ in }
            }
            try expectEqual(try await subject.everyJob(owner: .bob).count, 0, "the number of jobs Bob lists")
        },
        Check("what does not exist is not found") { subject in
            let id = NewJob.sample().id
            for owner in [OwnerID.ada, nil] {
                try expectEqual(try await subject.cancel(id, owner: owner, at: .at(1)), .notFound, "cancel")
                try expectEqual(try await subject.redrive(id, owner: owner, at: .at(1)), .notFound, "redrive")
                try expectEqual(try await subject.deleteBodies(id, owner: owner), .notFound, "deleteBodies")
                try expect(try await subject.store.job(id, owner: owner) == nil, "a job was read that is not there")
                try expectEqual(try await subject.store.attempts(id, owner: owner), nil, "attempts")
            }
        },
        Check("a cancellation and a success at once leave one end") { subject in
            for round in 0..<20 {
                let claim = try await subject.start(.sample(at: Double(round)))
                async let settled = subject.succeed(claim, .sample(at: .at(50)))
                async let cancelled = subject.cancel(claim.id, at: .at(50))
                let answers = (await settled, try await cancelled)
                let state = try await subject.record(claim.id).state
                if answers.0 == .stale {
                    try expectEqual(answers.1, .cancelled(wasRunning: true), "the cancellation that came first")
                    try expectEqual(state, .cancelled, "the state")
                } else {
                    try expectEqual(answers.0, .settled(.succeeded, runAt: nil), "the success that came first")
                    try expectEqual(answers.1, .ended(.succeeded), "the cancellation that came second")
                    try expectEqual(state, .succeeded, "the state")
                }
            }
        },
    ]
}
