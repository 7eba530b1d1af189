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

    static let threadChecks = [
        Check("the jobs of a thread are kept until the newest one's time is over", retention: retention) { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            // The others ended at second 2, and would go at 302.
            let claim = try await subject.start(.sample(continuing: try await subject.record(second)))
            _ = await subject.succeed(claim, .sample(at: .at(200)))
            let alone = try await subject.succeeded(.sample())
            try expectEqual(try await subject.purge(at: .at(303)), 3, "the number of jobs purged or put off")
            try expect(try await subject.store.job(alone, owner: nil) == nil, "a job of no thread was put off")
            for id in [first, second, claim.id] {
                try expectEqual(try await subject.record(id).expiresAt, .at(500), "the end of its time")
            }
            try expectEqual(
                try await subject.purge(at: .at(499)),
                0,
                "the number purged before the thread's time is over"
            )
            try expectEqual(try await subject.purge(at: .at(501)), 3, "the number purged after")
            try expectEqual(try await subject.everyJob().count, 0, "the number of jobs left")
        },
        Check("a thread is kept while one of its jobs waits or runs", retention: retention) { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            let parent = try await subject.record(first)
            let queued = NewJob.sample(continuing: parent, dueAt: .at(2000))
            try await subject.queue(queued)
            for moment in [303.0, 400, 1000] {
                _ = try await subject.purge(at: .at(moment))
                // No end can be kept for less than a cancelled job is.
                try expectEqual(
                    try await subject.record(first).expiresAt,
                    .at(moment + 70),
                    "the end of the first job's time at \(moment)"
                )
                _ = try await subject.record(second)
            }
            let claim = try await subject.claimOne(.sample(now: .at(2000)))
            _ = try await subject.purge(at: .at(2000))
            try expectEqual(try await subject.record(first).expiresAt, .at(2070), "the end of the first job's time")
            _ = try await subject.cancel(claim.id, at: .at(2001))
            _ = try await subject.purge(at: .at(2070.5))
            for id in [first, second, claim.id] { _ = try await subject.record(id) }
            try expectEqual(try await subject.purge(at: .at(2072)), 3, "the number of jobs purged")
        },
        Check("a job that ended later in its thread is not purged before an earlier one's time", retention: retention) {
            subject in
            let first = try await subject.succeeded()
            let claim = try await subject.start(.sample(continuing: try await subject.record(first)))
            _ = try await subject.cancel(claim.id, at: .at(10))
            try expectEqual(try await subject.purge(at: .at(100)), 1, "the number put off")
            try expectEqual(try await subject.record(claim.id).expiresAt, .at(302), "the end of its time")
            try expectEqual(try await subject.purge(at: .at(303)), 2, "the number purged")
        },
        Check("jobs that are put off keep no slice from its end", retention: retention) { subject in
            let first = try await subject.record(try await subject.succeeded())
            for _ in 0..<4 { _ = try await subject.succeeded(.sample(continuing: first)) }
            try await subject.queue(.sample(continuing: first, dueAt: .at(5000)))
            let alone = try await subject.succeeded()
            var slices: [Int] = []
            while slices.count < 9 {
                let count = try await subject.purge(at: .at(303), limit: 2)
                if count == 0 { break }
                slices.append(count)
            }
            try expectEqual(slices, [2, 2, 2], "the slices")
            try expect(try await subject.store.job(alone, owner: nil) == nil, "a job behind them was not reached")
            try expectEqual(try await subject.everyJob().count, 6, "the number of jobs left")
        },
    ]
}
