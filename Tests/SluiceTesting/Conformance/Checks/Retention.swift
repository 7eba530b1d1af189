import SluiceStore
import SluiceTypes

extension StoreConformance {
    /// What a store does about time, and about clocks that jump.
    static let clockChecks = [
        Check("keys are forgotten in slices, and no job with them") { subject in
            for number in 0..<5 {
                try await subject.queue(.sample(at: 0, key: "k\(number)", fingerprint: UInt8(number)))
            }
            let end = Timestamp.at(0).adding(subject.retention.idempotencyKeys)
            try expectEqual(try await subject.store.forgetKeys(at: end.adding(.milliseconds(-1)), limit: 9), 0, "early")
            for size in [2, 2, 1, 0] {
                try expectEqual(try await subject.store.forgetKeys(at: end, limit: 2), size, "the size of a slice")
            }
            try expectEqual(try await subject.everyJob().count, 5, "the number of jobs")
        },
        Check("the audit is cut from its beginning, in slices, and what is young stays") { subject in
            let entry = { (second: Double) in
                AuditEntry(at: .at(second), actor: "operator", action: "a.b", subject: "\(second)", result: "ok")
            }
            for second in 0..<5 { try await subject.store.append(entry(Double(second))) }
            // One of a clock that was ahead, and one behind it.
            for second in [90.0, 1.5] { try await subject.store.append(entry(second)) }
            let end = Timestamp.at(4).adding(subject.retention.audit)
            try expectEqual(
                try await subject.store.cutAudit(at: .at(0).adding(subject.retention.audit), limit: 9),
                0,
                "what is as old as it may be"
            )
            for size in [3, 1, 0] {
                try expectEqual(try await subject.store.cutAudit(at: end, limit: 3), size, "the size of a slice")
            }
            let left = try await subject.store.audit(AuditQuery(limit: 9)).map(\.at)
            try expectEqual(left, [.at(1.5), .at(90), .at(4)], "what is left")
            try await subject.store.append(entry(100))
            try expectEqual(
                try await subject.store.audit(AuditQuery(limit: 1)).map(\.at),
                [.at(100)],
                "the newest line"
            )
        },
        Check("a claim judges deadlines by the clock that is believed") { subject in
            let job = NewJob.sample(deadlineAt: .at(60))
            try await subject.queue(job)
            var request = ClaimRequest.sample(now: .at(9000))
            request.deadlinesAt = .at(59)
            try expectEqual(try await subject.claim(request).jobs.map(\.id), [job.id], "the jobs claimed")
        },
        Check("a job that waits only because the clock went back is due again, with its deadline") { subject in
            let ahead = 86_400.0
            let job = NewJob.sample(at: ahead, deadlineAt: .at(ahead + 50))
            let delayed = NewJob.sample(at: ahead, dueAt: .at(ahead + 7200))
            for job in [job, delayed] { try await subject.queue(job) }
            let failed = try await subject.start(.sample(at: 0, deadlineAt: .at(9000)))
            _ = await subject.fail(failed, .sample(at: .at(ahead), retryAt: .at(ahead + 2)))
            let before = try await subject.record(job.id)
            try expectEqual(try await subject.store.realign(at: .at(10), limit: 9), 2, "the number of jobs moved")
            try await subject.expectRecord(before) { record in
                record.runAt = .at(10)
                record.deadlineAt = .at(60)
            }
            let retried = try await subject.record(failed.id)
            try expectEqual(retried.runAt, .at(12), "the retry's moment")
            try expectEqual(retried.deadlineAt, .at(9000), "the retry's deadline")
            try expectEqual(try await subject.record(delayed.id).runAt, delayed.runAt, "what was put off is let be")
            try expectEqual(try await subject.store.realign(at: .at(11), limit: 9), 0, "the number moved again")
            // A step back that a pause outlasts moves nothing.
            let near = NewJob.sample(at: 70, model: "near", dueAt: .at(100))
            try await subject.queue(near)
            try expectEqual(
                try await subject.store.realign(at: .at(12), limit: 9),
                0,
                "the number moved by a small step"
            )
            let claimed = try await subject.claim(.sample(now: .at(12), rows: ["alpha", "alpha", "alpha"]))
            try expectEqual(claimed.jobs.map(\.id), [job.id, failed.id], "the jobs claimed")
        },
        Check("no job waits longer than any caller may ask for") { subject in
            let decade = 3650 * 86_400.0
            let job = NewJob.sample(at: decade, dueAt: .at(decade + 7200))
            let old = NewJob.sample(at: 0, model: "other", dueAt: .at(decade))
            let patient = NewJob.sample(at: 0, dueAt: .at(30 * 86_400))
            for job in [job, old, patient] { try await subject.queue(job) }
            for size in [1, 1, 0] {
                try expectEqual(try await subject.store.realign(at: .at(100), limit: 1), size, "the size of a slice")
            }
            try expectEqual(try await subject.record(job.id).runAt, .at(7300), "the moment of a delayed job")
            try expectEqual(try await subject.record(old.id).runAt, .at(100), "the moment of one that can't be right")
            try expectEqual(try await subject.record(patient.id).runAt, patient.runAt, "the moment of a patient job")
        },
        Check("jobs that are due, run or have ended are not moved") { subject in
            let queued = try await subject.queue(.sample(at: 0, model: "other"))
            let running = try await subject.start(.sample(at: 500)).id
            let succeeded = try await subject.succeeded(.sample(at: 500))
            var before: [JobRecord] = []
            for id in [queued, running, succeeded] { before.append(try await subject.record(id)) }
            try expectEqual(try await subject.store.realign(at: .at(10), limit: 9), 0, "the number of jobs moved")
            for record in before { try await subject.expectRecord(record) { _ in } }
        },
        Check("the time that was noted last is read again") { subject in
            try expectEqual(try await subject.store.notedTime(), nil, "the time of a new store")
            for moment in [Timestamp.at(100), .at(50)] {
                try await subject.store.note(time: moment)
                try expectEqual(try await subject.store.notedTime(), moment, "the time noted")
            }
        },
        Check("what ends while the clock is behind is kept as long as what ends by the time that was noted") {
            subject in
            try await subject.store.note(time: .at(5000))
            for (moment, start) in [(100.0, 5000.0), (9000, 9000)] {
                let claim = try await subject.start(.sample(at: moment))
                _ = await subject.succeed(claim, .sample(at: .at(moment), text: "text"))
                try expectEqual(
                    try await subject.record(claim.id).expiresAt,
                    Timestamp.at(start).adding(subject.retention.succeeded),
                    "the end of the time of a job that ended at \(moment)"
                )
            }
        },
        Check("a key lives on while only a clock that is ahead says that it has ended") { subject in
            try await subject.store.note(time: .at(0))
            let job = NewJob.sample(at: 10, key: "k", fingerprint: 7)
            try await subject.queue(job)
            let ahead = Timestamp.at(10).adding(subject.retention.idempotencyKeys + .seconds(86_400))
            for (noted, answer) in [(Timestamp.at(0), Submission.replayed(job.id)), (ahead, nil)] {
                try await subject.store.note(time: noted)
                let found = try await subject.store.submission(
                    owner: job.owner,
                    key: "k",
                    fingerprint: job.fingerprint,
                    at: ahead
                )
                try expectEqual(found, answer, "what the key stands for")
            }
        },
        Check("room is given back a slice at a time, and comes to an end") { subject in
            let ids = [
                try await subject.succeeded(.large(at: 0, 4_000_000)), try await subject.succeeded(.large(at: 1, 10)),
            ]
            _ = try await subject.deleteBodies(ids[0])
            for _ in 0..<100 {
                guard try await subject.store.giveBackRoom() else { break }
            }
            try expect(!(try await subject.store.giveBackRoom()), "there is no end to the room")
            for id in ids { _ = try await subject.record(id) }
        },
    ]
}
