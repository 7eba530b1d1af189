import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let rescueChecks = [
        Check("an orphan is queued again at the next epoch, its attempt interrupted") { subject in
            let id = try await subject.queue()
            let claim = try await subject.claimOne()
            let before = try await subject.record(id)
            let rescued = try await subject.rescue(boot: .second, at: .at(5))
            let expected = Rescue(id: id, group: .standard, state: .queued, errorClass: nil)
            try expectEqual(rescued, [expected], "the rescued jobs")
            let interrupted = AttemptReport(endedAt: .at(5))
            let after = try await subject.record(id)
            try expect(after.runAt <= .at(5), "a rescued job is not due at once")
            try await subject.expectRecord(before) { record in
                record.state = .queued
                record.epoch = 2
                record.interrupts = 1
                record.runAt = after.runAt
                record.possiblyCharged = true
                record.lastAttempt = before.lastAttempt?.closed(.interrupted, interrupted)
            }
            try expectEqual(try await subject.rescue(boot: .second, at: .at(6)), [], "a second rescue")
            let again = try await subject.claimOne(.sample(now: .at(6), boot: .second))
            try expectEqual(again.id, claim.id, "the job claimed after the rescue")
            try expectEqual(again.epoch, 3, "the epoch")
            try expectEqual(again.interrupts, 1, "the interrupts")
            try expectEqual(again.attempt, 2, "the attempt")
            try expectEqual(again.failures, 0, "the failures")
        },
        Check("a rescue takes running jobs of other lives and no others") { subject in
            let queued = try await subject.queue(.sample(at: 0, model: "other"))
            let own = try await subject.start(.sample(at: 1), boot: .second).id
            let orphan = try await subject.start(.sample(at: 2), boot: .first).id
            let succeeded = try await subject.succeeded(.sample(at: 3))
            let dead = try await subject.dead(.sample(at: 4))
            let cancelled = try await subject.queue(.sample(at: 5))
            _ = try await subject.cancel(cancelled, at: .at(5))
            var before: [JobRecord] = []
            for id in [queued, own, succeeded, dead, cancelled] { before.append(try await subject.record(id)) }
            let rescued = try await subject.rescue(boot: .second, at: .at(9))
            try expectEqual(rescued.map(\.id), [orphan], "the rescued jobs")
            for record in before { try await subject.expectRecord(record) { _ in } }
        },
        Check("a rescue of own orphans takes what runs under its own boot and nobody knows of") { subject in
            let known = try await subject.start(.sample(at: 0), boot: .second).id
            let own = try await subject.start(.sample(at: 1), boot: .second).id
            let orphan = try await subject.start(.sample(at: 2), boot: .first).id
            let queued = try await subject.queue(.sample(at: 3, model: "other"))
            var before: [JobRecord] = []
            for id in [known, orphan, queued] { before.append(try await subject.record(id)) }
            let rescued = try await subject.rescueOwnOrphans(boot: .second, known: [known], at: .at(9))
            try expectEqual(rescued.map(\.id), [own], "the rescued jobs")
            try expectEqual(try await subject.record(own).state, .queued, "the orphan's state")
            try expectEqual(try await subject.record(own).epoch, 2, "the orphan's epoch")
            for record in before { try await subject.expectRecord(record) { _ in } }
            let none = try await subject.rescueOwnOrphans(boot: .second, known: [known], at: .at(10))
            try expectEqual(none, [], "a second rescue")
        },
        Check("an orphan that must not be called twice is dead") { subject in
            let claim = try await subject.start(.sample(onUnknown: .deadLetter))
            let before = try await subject.record(claim.id)
            let rescued = try await subject.rescue(boot: .second, at: .at(5))
            let expected = Rescue(id: claim.id, group: .standard, state: .dead, errorClass: .interrupted)
            try expectEqual(rescued, [expected], "the rescued jobs")
            try await subject.expectRecord(before) { record in
                record.end(.dead, at: .at(5), kept: subject.retention.dead)
                record.epoch = 2
                record.interrupts = 1
                record.errorClass = .interrupted
                record.possiblyCharged = true
                record.lastAttempt = before.lastAttempt?.closed(.interrupted, AttemptReport(endedAt: .at(5)))
            }
        },
        Check("a job under which the gateway dies again and again is poison") { subject in
            let id = try await subject.queue()
            for round in 1...JobLimits.interrupts {
                let moment = Timestamp.at(Double(round) * 10)
                let boot = BootID(rawValue: "000000000000000\(round)")
                let claim = try await subject.claimOne(.sample(now: moment, boot: boot))
                try expectEqual(claim.interrupts, round - 1, "the interrupts of claim \(round)")
                let rescued = try await subject.rescue(boot: BootID(rawValue: "00000000000000ff"), at: moment)
                let isLast = round == JobLimits.interrupts
                try expectEqual(rescued.map(\.state), [isLast ? .dead : .queued], "the state after rescue \(round)")
                try expectEqual(rescued.map(\.errorClass), [isLast ? .poison : nil], "the error after rescue \(round)")
            }
            let record = try await subject.record(id)
            try expectEqual(record.errorClass, .poison, "the error")
            try expectEqual(record.interrupts, JobLimits.interrupts, "the interrupts")
            try expectEqual(record.epoch, Int64(2 * JobLimits.interrupts), "the epoch")
            try expectEqual(record.expiresAt, Timestamp.at(50).adding(subject.retention.dead), "the expiry")
            try expectEqual(record.attempts, JobLimits.interrupts, "the attempts")
        },
        Check("orphans are rescued in slices, each once") { subject in
            var ids: Set<JobID> = []
            for second in 0..<7 { ids.insert(try await subject.start(.sample(at: Double(second))).id) }
            var rescued: [JobID] = []
            for size in [3, 3, 1, 0] {
                let slice = try await subject.rescue(boot: .second, at: .at(9), limit: 3)
                try expectEqual(slice.count, size, "the size of a slice")
                rescued += slice.map(\.id)
            }
            try expectEqual(Set(rescued), ids, "the rescued jobs")
        },
        Check("a rescue tells the group that the job waits in") { subject in
            let job = NewJob.sample(model: "llama", lane: .bulk, operation: .completion)
            _ = try await subject.start(job)
            let group = JobGroup(lane: .bulk, operation: .completion, route: "llama")
            let rescued = try await subject.rescue(boot: .second, at: .at(5))
            try expectEqual(rescued.map(\.group), [group], "the group")
        },
    ]

    static let redriveChecks = [
        Check("a redrive queues a dead job with everything reset but the epoch") { subject in
            let job = NewJob.sample(deadlineAt: .at(99))
            try await subject.queue(job)
            for moment in [1.0, 10] {
                _ = try await subject.claimOne(.sample(now: .at(moment)))
                _ = try await subject.rescue(boot: .second, at: .at(moment + 1))
            }
            let deferred = try await subject.claimOne(.sample(now: .at(20)))
            _ = await subject.defer(deferred, .sample(at: .at(20), .rateLimit), until: .at(30))
            let claim = try await subject.claimOne(.sample(now: .at(30)))
            _ = await subject.fail(claim, .sample(at: .at(31), retryAt: nil))
            let dead = try await subject.record(job.id)
            try expectEqual(dead.interrupts, 2, "the interrupts before")
            try expectEqual(dead.failures, 1, "the failures before")
            try expectEqual(
                try await subject.redrive(job.id, owner: .ada, at: .at(200)),
                .queued(.standard),
                "the redrive"
            )
            try await subject.expectRecord(dead) { record in
                record.state = .queued
                record.facts.redrivenAt = .at(200)
                record.epoch += 1
                record.failures = 0
                record.interrupts = 0
                record.deferredSince = nil
                record.deadlineAt = .at(299)
                record.runAt = .at(200)
                record.finishedAt = nil
                record.expiresAt = nil
                record.errorClass = nil
            }
            try expectEqual(try await subject.expire(at: .at(298.999)), [], "the jobs that expire by the old deadline")
            let again = try await subject.claimOne(.sample(now: .at(200)))
            try expectEqual(again.epoch, dead.epoch + 2, "the epoch of the next claim")
            try expectEqual(again.failures, 0, "the failures of the next claim")
            try expectEqual(again.attempt, 5, "the attempt of the next claim")
            _ = await subject.succeed(again, .sample(at: .at(201)))
            try expectEqual(try await subject.record(job.id).result?.epoch, again.epoch, "the result's epoch")
        },
        Check("a job that expired has the same time again with each redrive") { subject in
            let job = NewJob.sample(at: 0, dueAt: .at(30), deadlineAt: .at(90))
            try await subject.queue(job)
            for moment in [1000.0, 2000, 3000] {
                try expectEqual(try await subject.expire(at: .at(moment - 1)), [job.id], "the job that expires")
                _ = try await subject.redrive(job.id, at: .at(moment))
                try expectEqual(try await subject.record(job.id).deadlineAt, .at(moment + 60), "the new deadline")
                let early = try await subject.expire(at: .at(moment + 59.999))
                try expectEqual(early, [], "what expires within the time given")
            }
            _ = try await subject.claimOne(.sample(now: .at(3059)))
        },
        Check("a redrive's line stands in the audit where the job was queued, and only there") { subject in
            let id = try await subject.dead()
            let line = AuditEntry(at: .at(5), actor: "aaaaaaaa", action: "job.redrive", subject: "\(id)", result: "ok")
            for (owner, answer) in [
                (OwnerID.bob, Redrive.notFound), (.ada, .queued(.standard)), (.ada, .notDead(.queued)),
            ] {
                let got = try await subject.store.redrive(id, owner: owner, model: nil, at: .at(5), audit: line)
                try expectEqual(got, answer, "the redrive")
                if case .queued = got { subject.note { $0.redriven(id) } }
            }
            try expectEqual(try await subject.store.audit(AuditQuery(limit: 9)), [line], "the audit")
        },
        Check("a redriven job has all its tries again") { subject in
            let id = try await subject.dead()
            _ = try await subject.redrive(id, at: .at(5))
            let first = try await subject.claimOne(.sample(now: .at(5)))
            let answer = await subject.fail(first, .sample(at: .at(6), retryAt: .at(7)))
            try expectEqual(answer, .settled(.queued, runAt: .at(7)), "the first failure after the redrive")
        },
        Check("a redrive to another model moves the job, never its input") { subject in
            let job = NewJob.sample()
            _ = try await subject.dead(job)
            let other = JobGroup(lane: .interactive, operation: .chat, route: "llama")
            try expectEqual(
                try await subject.redrive(job.id, model: "llama", at: .at(5)),
                .queued(other),
                "the redrive"
            )
            let record = try await subject.record(job.id)
            try expectEqual(record.model, "llama", "the model")
            try expectEqual(record.input, job.input, "the input")
            try expect(try await subject.claim(.sample(now: .at(6))).jobs.isEmpty, "the old group still has the job")
            let claim = try await subject.claimOne(.sample(other, now: .at(6)))
            try expectEqual(claim.model, "llama", "the claim's model")
            try expectEqual(claim.input, job.input, "the claim's input")
        },
        Check("a redrive to another model leaves a job bound to one account") { subject in
            let job = NewJob.sample(isBound: true)
            _ = try await subject.dead(job)
            let route = ModelRoute(boundTo: "llama").text
            let other = JobGroup(lane: .interactive, operation: .chat, route: route)
            try expectEqual(
                try await subject.redrive(job.id, model: "llama", at: .at(5)),
                .queued(other),
                "the redrive"
            )
            let record = try await subject.record(job.id)
            try expectEqual(record.model, "llama", "the model")
            try expectEqual(record.facts.route, route, "the route")
            _ = try await subject.claimOne(.sample(other, now: .at(6)))
        },
        Check("only dead jobs are redriven") { subject in
            let queued = try await subject.queue(.sample(at: 0, model: "other"))
            let running = try await subject.start(.sample(at: 1)).id
            let succeeded = try await subject.succeeded(.sample(at: 2))
            let cancelled = try await subject.queue(.sample(at: 3))
            _ = try await subject.cancel(cancelled, at: .at(4))
            let states: [(JobID, JobState)] = [
                (queued, .queued), (running, .running), (succeeded, .succeeded), (cancelled, .cancelled),
            ]
            for (id, state) in states {
                let before = try await subject.record(id)
                let answer = try await subject.redrive(id, owner: nil, model: "llama", at: .at(9))
                try expectEqual(answer, .notDead(state), "the redrive of a job that is \(state)")
                try await subject.expectRecord(before) { _ in }
            }
        },
        Check("a dead job without its bodies is not redriven") { subject in
            let id = try await subject.dead()
            _ = try await subject.deleteBodies(id)
            try expectEqual(try await subject.redrive(id, at: .at(9)), .deleted, "the redrive")
            try expectEqual(try await subject.record(id).state, .dead, "the state")
        },
        Check("a redrive leaves an old claim without effect") { subject in
            let claim = try await subject.start(.sample(onUnknown: .deadLetter))
            _ = try await subject.rescue(boot: .second, at: .at(5))
            _ = try await subject.redrive(claim.id, at: .at(6))
            let again = try await subject.claimOne(.sample(now: .at(7), boot: .second))
            let before = try await subject.record(claim.id)
            try expectEqual(await subject.succeed(claim, .sample(at: .at(8))), .stale, "the settlement")
            try await subject.expectRecord(before) { _ in }
            try expect(again.epoch > claim.epoch, "the epoch has not grown")
        },
    ]
}
