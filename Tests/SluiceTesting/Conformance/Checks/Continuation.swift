import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let continuationChecks = [
        Check("a job that continues another is read back with what it continues") { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            for thread in 1...2 {
                var job = NewJob.sample(continuing: try await subject.record(second), key: "key \(thread)")
                job.facts.model = "other"
                try expectEqual(job.ancestry, Ancestry(previous: second, thread: first, depth: 2), "the ancestry")
                try await subject.queue(job)
                try await subject.expectRecord(JobRecord(queued: job)) { _ in }
            }
            let claim = try await subject.start(.sample(continuing: try await subject.record(second)))
            try expectEqual(claim.facts.ancestry?.thread, first, "the thread of a job that starts at once")
            try expectEqual(try await subject.record(claim.id).ancestry?.depth, 2, "its depth")
            _ = await subject.release(claim, at: .at(6))
            let claimed = try await subject.claimOne(.sample(now: .at(7)))
            try expectEqual(claimed.ancestry, Ancestry(previous: second, thread: first, depth: 2), "a claim's ancestry")
        },
        Check("a job that continues another takes a place with the account that answered it") { subject in
            let first = try await subject.succeeded()
            let account = AttemptStart.sample().account
            func request(_ rows: [String], _ alternates: [String], with row: String?) -> ClaimRequest {
                var request = ClaimRequest.sample(now: .at(9), rows: rows, alternates: alternates)
                for index in request.starts.indices where request.starts[index].row != row {
                    request.starts[index].account = "another"
                }
                for index in request.alternates.indices where request.alternates[index].row != row {
                    request.alternates[index].account = "another"
                }
                return request
            }
            for (row, expected) in [("beta", "beta"), ("gamma", "gamma"), ("none", "alpha")] {
                try await subject.queue(.sample(continuing: try await subject.record(first)))
                let claim = try await subject.claimOne(request(["alpha", "beta"], ["gamma"], with: row))
                try expectEqual(claim.start.row, expected, "the row, where the account is that of \(row)")
                try expectEqual(claim.start.account == account, row == expected, "whether it is the account")
            }
            try await subject.queue()
            let other = try await subject.claimOne(request(["alpha", "beta"], [], with: "beta"))
            try expectEqual(other.start.row, "alpha", "the row of a job that continues none")
        },
        Check("what can't be continued is not, and nothing is stored") { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            var refused: [(String, NewJob)] = []
            func refuse(_ why: String, _ id: JobID, _ change: (inout NewJob) -> Void = { _ in }) async throws {
                var job = NewJob.sample(continuing: try await subject.record(id), key: "key")
                change(&job)
                refused.append((why, job))
            }
            try await refuse("unknown", second) { $0.facts.ancestry?.previous = .generate(at: .at(0)) }
            try await refuse("of another owner", second) { $0.facts.owner = .bob }
            try await refuse("of another thread", second) { $0.facts.ancestry?.thread = second }
            try await refuse("at another depth", second) { $0.facts.ancestry?.depth = 1 }
            try await refuse("queued", try await subject.queue(.sample(dueAt: .at(99))))
            try await refuse("running", try await subject.start().id)
            try await refuse("dead", try await subject.dead())
            let cancelled = try await subject.queue(.sample(dueAt: .at(99)))
            _ = try await subject.cancel(cancelled, at: .at(2))
            try await refuse("cancelled", cancelled)
            let deleted = try await subject.succeeded()
            _ = try await subject.deleteBodies(deleted)
            try await refuse("deleted", deleted)
            var bare = NewJob.sample()
            bare.input = JobInput(body: [])
            try await refuse("not recorded", try await subject.succeeded(bare))
            var brief = NewJob.sample()
            brief.facts.terms.keepsBodies = .seconds(60)
            try await refuse("kept for a moment only", try await subject.succeeded(brief))
            let before = try await subject.everyJob().count
            for (why, job) in refused {
                try expectEqual(try await subject.submit(job), .noParent, "a job that continues one that is \(why)")
                guard case .noParent = try await subject.submitRunning(job) else {
                    throw ConformanceFailure("a job was started that continues one that is \(why)", #fileID, #line)
                }
            }
            try expectEqual(try await subject.everyJob().count, before, "the number of jobs")
            try await subject.queue(.sample(key: "key"))
        },
        Check("a key that is known answers whatever has become of what its job continues") { subject in
            let first = try await subject.succeeded()
            let job = NewJob.sample(continuing: try await subject.record(first), key: "key")
            let claim = try await subject.start(job)
            _ = try await subject.deleteBodies(first)
            try expectEqual(try await subject.submit(job), .replayed(claim.id), "the submission")
        },
        Check("a dead job is not redriven once what it continues is gone") { subject in
            let first = try await subject.succeeded()
            let dead = try await subject.dead(.sample(continuing: try await subject.record(first)))
            try expectEqual(try await subject.redrive(dead, at: .at(6)), .queued(.standard), "a redrive before")
            _ = await subject.fail(
                try await subject.claimOne(.sample(now: .at(7))),
                .sample(.invalidRequest, counts: false, retryAt: nil)
            )
            _ = try await subject.deleteBodies(first)
            try expectEqual(try await subject.redrive(dead, at: .at(8)), .noParent, "a redrive after")
        },
        Check("a deletion ends the queued jobs that continue the deleted one, and no others") { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            let third = try await subject.succeeded(continuing: second)
            let aside = try await subject.succeeded(continuing: first)
            let stranger = try await subject.succeeded()
            func queue(after id: JobID) async throws -> JobID {
                try await subject.queue(.sample(continuing: try await subject.record(id), dueAt: .at(500)))
            }
            let near = try await queue(after: second)
            let far = try await queue(after: third)
            var others = [
                try await queue(after: first), try await queue(after: aside), try await queue(after: stranger),
            ]
            others.append(try await subject.start(.sample(continuing: try await subject.record(third))).id)
            let ended = try await subject.dead(.sample(continuing: try await subject.record(third)))
            others += [first, third, aside, ended]
            let before = (try await subject.record(near), try await subject.record(far))
            var kept: [JobRecord] = []
            for id in others { kept.append(try await subject.record(id)) }
            let answer = try await subject.deleteBodies(second, owner: .ada, at: .at(50))
            try expectEqual(answer, .deleted(dead: [near, far]), "the deletion")
            for record in [before.0, before.1] {
                try await subject.expectRecord(record) { record in
                    record.end(.dead, at: .at(50), kept: subject.retention.dead)
                    record.errorClass = .previousGone
                }
            }
            for record in kept { try await subject.expectRecord(record) { _ in } }
        },
        Check("a deletion ends so many queued jobs at once and leaves the others") { subject in
            let first = try await subject.record(try await subject.succeeded())
            let count = JobLimits.withdrawn + 2
            for _ in 0..<count { try await subject.queue(.sample(continuing: first, dueAt: .at(500))) }
            guard case .deleted(let dead) = try await subject.deleteBodies(first.id) else {
                throw ConformanceFailure("nothing was deleted", #fileID, #line)
            }
            try expectEqual(dead.count, JobLimits.withdrawn, "the number of jobs that died")
            try expectEqual(try await subject.store.counts()[.queued], 2, "the number of jobs that wait")
        },
    ]
}
