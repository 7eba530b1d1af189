import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let expireChecks = [
        Check("a queued job dies at its own deadline") { subject in
            let id = try await subject.queue(.sample(deadlineAt: .at(60)))
            let before = try await subject.record(id)
            try expectEqual(try await subject.expire(at: .at(59.999)), [], "what expires before the deadline")
            try await subject.expectRecord(before) { _ in }
            try expectEqual(try await subject.expire(at: .at(60.001)), [id], "what expires after the deadline")
            try await subject.expectRecord(before) { record in
                record.end(.dead, at: .at(60.001), kept: subject.retention.dead)
                record.errorClass = .expired
            }
            try expectEqual(try await subject.expire(at: .at(70)), [], "what expires again")
            let claimed = try await subject.claim(.sample(now: .at(70)))
            try expect(claimed.jobs.isEmpty && claimed.nextRunAt == nil, "an expired job was claimed")
        },
        Check("jobs without a deadline, running and ended ones do not expire") { subject in
            let patient = try await subject.queue(.sample(at: 0, model: "other"))
            let running = try await subject.start(.sample(at: 1, deadlineAt: .at(60))).id
            let succeeded = try await subject.succeeded(.sample(at: 2, deadlineAt: .at(60)))
            let cancelled = try await subject.queue(.sample(at: 3, deadlineAt: .at(60)))
            _ = try await subject.cancel(cancelled, at: .at(4))
            var before: [JobRecord] = []
            for id in [patient, running, succeeded, cancelled] { before.append(try await subject.record(id)) }
            let expired = try await subject.expire(at: .at(999), held: [.standard], dueBefore: .at(999))
            try expectEqual(expired, [], "what expires")
            for record in before { try await subject.expectRecord(record) { _ in } }
        },
        Check("jobs of a held group die when they were made and due before the limit") { subject in
            let old = try await subject.queue(.sample(at: 0))
            let delayed = try await subject.queue(.sample(at: 1, dueAt: .at(500)))
            let young = try await subject.queue(.sample(at: 200))
            let free = try await subject.queue(.sample(at: 2, model: "other"))
            let bulk = try await subject.queue(.sample(at: 3, lane: .bulk))
            let expired = try await subject.expire(at: .at(300), held: [.standard], dueBefore: .at(100))
            try expectEqual(expired, [old], "what expires")
            try expectEqual(try await subject.record(old).errorClass, .expired, "the error")
            for id in [delayed, young, free, bulk] {
                try expectEqual(try await subject.record(id).state, .queued, "the state of a job that goes on waiting")
            }
        },
        Check("a held job dies of what its group is held for, and of its deadline where that has passed") { subject in
            let unserved = try await subject.queue(.sample(at: 0))
            let late = try await subject.queue(.sample(at: 1, deadlineAt: .at(250)))
            let held = [JobGroup.standard]
            let dead = try await subject.expire(at: .at(300), held: held, dyingOf: .invalidModel, dueBefore: .at(100))
            try expectEqual(Set(dead), [unserved, late], "what dies")
            try expectEqual(try await subject.record(unserved).errorClass, .invalidModel, "the error of a held job")
            try expectEqual(try await subject.record(late).errorClass, .expired, "the error of a late job")
        },
        Check("a held job with a deadline of its own waits for that") { subject in
            let patient = try await subject.queue(.sample(at: 0, deadlineAt: .at(900)))
            let expired = try await subject.expire(at: .at(300), held: [.standard], dueBefore: .at(200))
            try expectEqual(expired, [], "what expires before its deadline")
            let late = try await subject.expire(at: .at(901), held: [.standard], dueBefore: .at(801))
            try expectEqual(late, [patient], "what expires after its deadline")
        },
        Check("a claim ends due jobs that are past their deadline, and goes on with the next") { subject in
            let late = try await subject.queue(.sample(at: 0, deadlineAt: .at(60)))
            let next = try await subject.queue(.sample(at: 1))
            let bobs = try await subject.queue(.sample(.bob, at: 2, deadlineAt: .at(61)))
            let before = try await subject.record(late)
            let claimed = try await subject.claim(.sample(now: .at(60), rows: ["alpha", "alpha"]))
            try expectEqual(Set(claimed.jobs.map(\.id)), [next, bobs], "the jobs claimed")
            try await subject.expectRecord(before) { record in
                record.end(.dead, at: .at(60), kept: subject.retention.dead)
                record.errorClass = .expired
            }
            try await subject.expectAttempts(late, [])
        },
        Check("no job past its deadline is claimed, however many there are") { subject in
            for number in 0..<300 { try await subject.queue(.sample(at: Double(number) / 1000, deadlineAt: .at(60))) }
            let good = try await subject.queue(.sample(at: 1))
            var claimed: [JobID] = []
            var expired = 0
            for _ in 0..<3 {
                let answer = try await subject.claim(.sample(now: .at(61)))
                claimed += answer.jobs.map(\.id)
                expired += answer.expired.count
            }
            try expectEqual(claimed, [good], "the jobs claimed")
            try expectEqual(expired, 300, "the number of jobs that expired")
        },
        Check("several groups are held, and nobody's job expires with none held") { subject in
            let first = try await subject.queue(.sample(at: 0))
            let second = try await subject.queue(.sample(at: 1, model: "other"))
            try expectEqual(try await subject.expire(at: .at(300), held: [], dueBefore: .at(200)), [], "what expires")
            let other = JobGroup(lane: .interactive, operation: .chat, route: "other")
            let held = [JobGroup.standard, other]
            let expired = try await subject.expire(at: .at(300), held: held, dueBefore: .at(200))
            try expectEqual(Set(expired), [first, second], "what expires")
        },
        Check("jobs expire in slices") { subject in
            for second in 0..<5 { try await subject.queue(.sample(at: Double(second), deadlineAt: .at(60))) }
            var expired: [JobID] = []
            for size in [2, 2, 1, 0] {
                let slice = try await subject.expire(at: .at(61), limit: 2)
                try expectEqual(slice.count, size, "the size of a slice")
                expired += slice
            }
            try expectEqual(Set(expired).count, 5, "the number of jobs that expired")
        },
    ]

    static let deletionChecks = [
        Check("a deletion takes the bodies and leaves the accounting to operators") { subject in
            let id = try await subject.succeeded()
            let before = try await subject.record(id)
            var history = try await subject.attempts(id)
            for place in history.indices { history[place].report?.entry?.raw = [] }
            let last = history.last
            try expectEqual(try await subject.deleteBodies(id, owner: .ada), .deleted(), "the deletion")
            try await subject.expectRecord(before) { record in
                record.input = nil
                record.result = nil
                record.lastAttempt = last
            }
            try await subject.expectAttempts(id, history)
            try expect(try await subject.store.job(id, owner: .ada) == nil, "the owner still sees the job")
            try expectEqual(try await subject.store.attempts(id, owner: .ada), nil, "the attempts the owner sees")
            try expectEqual(try await subject.everyJob(owner: .ada).map(\.id), [], "the jobs the owner lists")
            try expectEqual(try await subject.everyJob().map(\.id), [id], "the jobs an operator lists")
        },
        Check("an active job's bodies are not deleted") { subject in
            let queued = try await subject.queue(.sample(at: 0, model: "other"))
            let running = try await subject.start(.sample(at: 1)).id
            for (id, state) in [(queued, JobState.queued), (running, .running)] {
                let before = try await subject.record(id)
                for owner in [OwnerID.ada, nil] {
                    let answer = try await subject.deleteBodies(id, owner: owner)
                    try expectEqual(answer, .active(state), "the deletion of a job that is \(state)")
                }
                try await subject.expectRecord(before) { _ in }
            }
        },
        Check("a deletion frees the idempotency key") { subject in
            let first = NewJob.sample(key: "k", fingerprint: 1)
            let id = try await subject.dead(first)
            _ = try await subject.deleteBodies(id, owner: .ada)
            try await subject.queue(.sample(at: 5, key: "k", fingerprint: 2))
        },
        Check("dead and cancelled jobs lose their bodies too") { subject in
            let dead = try await subject.dead(.sample(at: 0))
            let cancelled = try await subject.start(.sample(at: 1))
            _ = try await subject.cancel(cancelled.id, at: .at(2))
            _ = await subject.succeed(cancelled, .sample())
            for id in [dead, cancelled.id] {
                try expectEqual(try await subject.deleteBodies(id), .deleted(), "the deletion")
                let record = try await subject.record(id)
                try expectEqual(record.input, nil, "the input")
                try expectEqual(record.attempts, 1, "the attempts")
            }
        },
    ]
}
