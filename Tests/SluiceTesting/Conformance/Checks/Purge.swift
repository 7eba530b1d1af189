import SluiceStore
import SluiceTypes

extension StoreConformance {
    /// Short and all different, so that a mix-up shows.
    private static let retention = Retention(
        succeeded: .seconds(300),
        dead: .seconds(900),
        cancelled: .seconds(70),
        idempotencyKeys: .seconds(100)
    )

    static let purgeChecks = [
        Check("each end is kept for its own time and then purged whole", retention: retention) { subject in
            let succeeded = try await subject.succeeded(.sample(at: 0))
            let dead = try await subject.dead(.sample(at: 1))
            let running = try await subject.start(.sample(at: 1))
            _ = try await subject.cancel(running.id, at: .at(2))
            // Each ended at second 2.
            for (id, seconds) in [(running.id, 72.0), (succeeded, 302), (dead, 902)] {
                try expectEqual(try await subject.record(id).expiresAt, .at(seconds), "the expiry")
                try expectEqual(try await subject.purge(at: .at(seconds - 0.001)), 0, "the number purged before")
                _ = try await subject.record(id)
                try expectEqual(try await subject.purge(at: .at(seconds + 0.001)), 1, "the number purged after")
                try expect(try await subject.store.job(id, owner: nil) == nil, "a purged job is read")
                try expectEqual(try await subject.store.attempts(id, owner: nil), nil, "a purged job's attempts")
                try expectEqual(try await subject.cancel(id, at: .at(999)), .notFound, "a purged job's cancellation")
                try expectEqual(try await subject.redrive(id, at: .at(999)), .notFound, "a purged job's redrive")
            }
            try expectEqual(try await subject.everyJob().count, 0, "the number of jobs left")
        },
        Check("queued and running jobs are never purged", retention: retention) { subject in
            let queued = try await subject.queue(.sample(at: 0, model: "other"))
            let delayed = try await subject.queue(.sample(at: 1, dueAt: .at(9_000_000)))
            let running = try await subject.start(.sample(at: 2)).id
            var before: [JobRecord] = []
            for id in [queued, delayed, running] { before.append(try await subject.record(id)) }
            try expectEqual(try await subject.purge(at: .at(90_000_000)), 0, "the number purged")
            for record in before { try await subject.expectRecord(record) { _ in } }
        },
        Check("jobs are purged in slices, with or without their bodies", retention: retention) { subject in
            var ids: [JobID] = []
            for second in 0..<5 { ids.append(try await subject.succeeded(.sample(at: Double(second)))) }
            _ = try await subject.deleteBodies(ids[3])
            for size in [2, 2, 1, 0] {
                try expectEqual(try await subject.purge(at: .at(9000), limit: 2), size, "the size of a slice")
            }
            try expectEqual(try await subject.everyJob().count, 0, "the number of jobs left")
        },
        Check("a redriven job is not purged by its old time", retention: retention) { subject in
            let id = try await subject.dead()
            _ = try await subject.redrive(id, at: .at(10))
            try expectEqual(try await subject.purge(at: .at(9000)), 0, "the number purged")
            try expectEqual(try await subject.record(id).state, .queued, "the state")
        },
    ]

    static let keyChecks = [
        Check("a key ends a day after its submission", retention: retention) { subject in
            let first = NewJob.sample(at: 0, model: "other", key: "k", fingerprint: 1)
            try await subject.queue(first)
            _ = try await subject.purge(at: .at(99.999))
            let again = NewJob.sample(at: 99, key: "k", fingerprint: 1)
            try expectEqual(try await subject.submit(again), .replayed(first.id), "a repetition within its time")
            _ = try await subject.purge(at: .at(100.001))
            let other = NewJob.sample(at: 101, key: "k", fingerprint: 2)
            try await subject.queue(other)
            _ = try await subject.record(first.id)
            let answer = try await subject.submit(.sample(at: 102, key: "k", fingerprint: 2))
            try expectEqual(answer, .replayed(other.id), "a repetition of the key's second request")
        },
        Check("a key past its time gives way before any purge", retention: retention) { subject in
            let first = NewJob.sample(at: 0, model: "other", key: "k", fingerprint: 1)
            try await subject.queue(first)
            let second = NewJob.sample(at: 100.001, key: "k", fingerprint: 2)
            try await subject.queue(second)
            _ = try await subject.record(first.id)
        },
        Check("a key never outlives its job", retention: retention) { subject in
            let first = NewJob.sample(at: 0, key: "k", fingerprint: 1)
            _ = try await subject.start(first)
            _ = try await subject.cancel(first.id, at: .at(1))
            let again = NewJob.sample(at: 60, key: "k", fingerprint: 1)
            try expectEqual(try await subject.submit(again), .replayed(first.id), "a repetition of an ended job")
            try expectEqual(try await subject.purge(at: .at(80)), 1, "the number purged")
            try await subject.queue(.sample(at: 81, key: "k", fingerprint: 1))
        },
        Check("a purged job leaves its key's next owner alone", retention: retention) { subject in
            let first = NewJob.sample(at: 0, key: "k", fingerprint: 1)
            _ = try await subject.succeeded(first)
            _ = try await subject.purge(at: .at(101))
            let second = NewJob.sample(at: 250, model: "other", key: "k", fingerprint: 2)
            try await subject.queue(second)
            try expectEqual(try await subject.purge(at: .at(303)), 1, "the number purged")
            let answer = try await subject.submit(.sample(at: 304, key: "k", fingerprint: 2))
            try expectEqual(answer, .replayed(second.id), "a repetition of the second request")
        },
        Check("a key names its job through every state", retention: .standard) { subject in
            let job = NewJob.sample(key: "k")
            func repeated(_ state: JobState) async throws {
                try expectEqual(
                    try await subject.submit(.sample(key: "k")),
                    .replayed(job.id),
                    "a job that is \(state)"
                )
            }
            try await subject.queue(job)
            try await repeated(.queued)
            let claim = try await subject.claimOne()
            try await repeated(.running)
            _ = await subject.fail(claim, .sample(unknown: true, retryAt: nil))
            try await repeated(.dead)
            _ = try await subject.redrive(job.id, at: .at(5))
            try await repeated(.queued)
            _ = await subject.succeed(try await subject.claimOne(.sample(now: .at(6))), .sample(at: .at(7)))
            try await repeated(.succeeded)
        },
    ]
}
