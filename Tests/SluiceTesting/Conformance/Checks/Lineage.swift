import SluiceStore
import SluiceTypes

extension StoreConformance {
    private static let ample = LineageLimits(turns: 200, bytes: 1 << 20)

    static let lineageChecks = [
        Check("a lineage is read from the first job to the parent, with what was asked and answered") { subject in
            var ids: [JobID] = []
            for number in 0..<4 {
                var job = NewJob.sample()
                if let last = ids.last { job = .sample(continuing: try await subject.record(last)) }
                job.input.body = Array("question \(number)".utf8)
                job.facts.terms.format = number == 1 ? .openAIResponses : .openAIChat
                let claim = try await subject.start(job)
                var success = Success.sample(at: .at(Double(10 + number)), text: "answer \(number)")
                success.report.upstreamID = "resp_\(number)"
                // A stream has its answer in its log alone.
                if number == 2 { success.body = [] }
                _ = await subject.succeed(claim, success)
                ids.append(job.id)
            }
            let jobs = try await subject.wholeLineage(of: ids[3])
            try expectEqual(jobs.map(\.id), ids, "the jobs")
            try expectEqual(jobs.map(\.input), (0..<4).map { Array("question \($0)".utf8) }, "what was asked")
            try expectEqual(
                jobs.map(\.result.isEmpty),
                [false, false, true, false],
                "where the answer is not the object"
            )
            try expectEqual(jobs[1].result, Success.sample(text: "answer 1").body, "the object")
            try expectEqual(jobs.map(\.log?.bytes), [nil, nil, Array("log of answer 2".utf8), nil], "the logs")
            try expectEqual(jobs[2].log?.isComplete, true, "whether the log is complete")
            try expectEqual(
                jobs.map(\.format),
                [.openAIChat, .openAIResponses, .openAIChat, .openAIChat],
                "the formats"
            )
            try expectEqual(jobs.map(\.finishedAt), (10..<14).map { .at(Double($0)) }, "the ends")
            try expectEqual(
                jobs.map(\.account),
                Array(repeating: AttemptStart.sample().account, count: 4),
                "the accounts"
            )
            try expectEqual(jobs.map(\.upstreamID), (0..<4).map { "resp_\($0)" }, "the provider's ids")
            let short = try await subject.wholeLineage(of: ids[0])
            try expectEqual(short.map(\.id), [ids[0]], "the lineage of a job that continues none")
        },
        Check("the attempt of an ancestor is the one that brought its answer") { subject in
            let zombie = try await subject.start(.sample(onUnknown: .retry))
            _ = try await subject.rescue(boot: .second, at: .at(5))
            let living = try await subject.claimOne(.sample(now: .at(6), boot: .second, rows: ["beta"]))
            var (new, old) = (Success.sample(at: .at(7), text: "new"), Success.sample(at: .at(8), text: "old"))
            (new.report.upstreamID, old.report.upstreamID) = ("resp_new", "resp_old")
            _ = await subject.succeed(living, new)
            _ = await subject.succeed(zombie, old)
            let jobs = try await subject.wholeLineage(of: zombie.id)
            try expectEqual(jobs.map(\.upstreamID), ["resp_new"], "the provider's ids")
            try expectEqual(jobs.map(\.result), [Success.sample(text: "new").body], "the answers")
        },
        Check("no more of a lineage is read than was asked for, and that is told") { subject in
            let body = Success.sample().body.count
            let input = NewJob.sample().input.body.count
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            @Sendable
            func end(_ turns: Int, _ bytes: Int) async throws -> String {
                let limits = LineageLimits(turns: turns, bytes: bytes)
                let lineage = try await subject.store.lineage(of: second, owner: .ada, atMost: limits)
                return lineage.name
            }
            try expectEqual(try await end(2, 2 * (body + input)), "2 jobs", "as much as there is")
            try expectEqual(try await end(1, 1000), "too long", "a job less")
            try expectEqual(try await end(2, 2 * (body + input) - 1), "too large", "a byte less")
        },
        Check("a lineage without its bodies is read whatever they weigh") { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            let limits = LineageLimits(turns: 2, bytes: 0, readsBodies: false)
            guard case .whole(let jobs) = try await subject.store.lineage(of: second, owner: .ada, atMost: limits)
            else { throw ConformanceFailure("the lineage is not whole", #fileID, #line) }
            try expectEqual(jobs.map(\.id), [first, second], "the jobs")
            try expect(
                jobs.allSatisfy { $0.input.isEmpty && $0.result.isEmpty && $0.log == nil },
                "a body was read"
            )
            _ = try await subject.deleteBodies(first)
            let broken = try await subject.store.lineage(of: second, owner: .ada, atMost: limits)
            try expectEqual(broken.name, "broken at \(first)", "the lineage behind a deletion")
        },
        Check("a lineage that lacks a job says which") { subject in
            let first = try await subject.succeeded()
            let second = try await subject.succeeded(continuing: first)
            let third = try await subject.succeeded(continuing: second)
            let running = try await subject.start(.sample(continuing: try await subject.record(third))).id
            let dead = try await subject.dead()
            @Sendable
            func end(_ id: JobID, _ owner: OwnerID = .ada) async throws -> String {
                let lineage = try await subject.store.lineage(of: id, owner: owner, atMost: ample)
                return lineage.name
            }
            try expectEqual(try await end(third), "3 jobs", "the lineage")
            try expectEqual(try await end(third, .bob), "broken at \(third)", "another owner's lineage")
            for id in [running, dead, .generate(at: .at(0))] {
                try expectEqual(try await end(id), "broken at \(id)", "the lineage of what has no answer")
            }
            _ = try await subject.deleteBodies(second)
            try expectEqual(try await end(third), "broken at \(second)", "the lineage behind a deletion")
            try expectEqual(try await end(first), "1 jobs", "the lineage before it")
        },
        Check("a job is found by what its provider called the answer, the newest first") { subject in
            @Sendable
            func succeed(_ job: NewJob, _ upstreamID: String) async throws -> JobID {
                let claim = try await subject.start(job)
                var success = Success.sample()
                success.report.upstreamID = upstreamID
                _ = await subject.succeed(claim, success)
                return claim.id
            }
            @Sendable
            func find(
                _ upstreamID: String,
                _ owner: OwnerID = .ada,
                _ format: RequestFormat = .openAIResponses
            ) async throws -> JobID? {
                let found = try await subject.store.job(upstreamID: upstreamID, format: format, owner: owner)
                if let found { try await subject.expectRecord(found) { _ in } }
                return found?.id
            }
            func job(_ owner: OwnerID = .ada, _ format: RequestFormat = .openAIResponses) -> NewJob {
                var job = NewJob.sample(owner)
                job.facts.terms.format = format
                return job
            }
            let old = try await succeed(job(), "resp_1")
            let other = try await succeed(job(), "resp_2")
            let bobs = try await succeed(job(.bob), "resp_1")
            let chat = try await succeed(job(.ada, .openAIChat), "resp_1")
            try expectEqual(try await find("resp_1"), old, "what is found")
            try expectEqual(try await find("resp_2"), other, "another answer")
            try expectEqual(try await find("resp_1", .bob), bobs, "another owner's")
            try expectEqual(try await find("resp_1", .ada, .openAIChat), chat, "another format's")
            try expectEqual(try await find("resp_3"), nil, "an unknown one")
            try expectEqual(try await find("RESP_1"), nil, "one in other letters")
            let new = try await succeed(job(), "resp_1")
            try expectEqual(try await find("resp_1"), new, "what is found after another answer of that name")
            _ = try await subject.deleteBodies(new)
            try expectEqual(try await find("resp_1"), nil, "what is found once the newest was deleted")
        },
        Check("a job that was tried again is found by its last attempt's name alone") { subject in
            var job = NewJob.sample()
            job.facts.terms.format = .openAIResponses
            let first = try await subject.start(job)
            var failure = Failure.sample(retryAt: .at(3))
            failure.report.upstreamID = "resp_failed"
            _ = await subject.fail(first, failure)
            let group = JobGroup(lane: .interactive, operation: .chat, format: .openAIResponses, route: "gpt")
            let find = { (name: String) in
                try await subject.store.job(upstreamID: name, format: .openAIResponses, owner: .ada)?.id
            }
            try expectEqual(try await find("resp_failed"), job.id, "what is found while it waits")
            let second = try await subject.claimOne(.sample(group, now: .at(4)))
            var success = Success.sample(at: .at(5))
            success.report.upstreamID = "resp_well"
            _ = await subject.succeed(second, success)
            try expectEqual(try await find("resp_failed"), nil, "what is found by the failed attempt")
            try expectEqual(try await find("resp_well"), job.id, "what is found by the good one")
        },
    ]
}

extension Subject {
    /// All that a job of Ada's continues, itself included.
    ///
    /// - Throws: ``ConformanceFailure`` where it is not whole.
    fileprivate func wholeLineage(of id: JobID) async throws -> [Ancestor] {
        let lineage = try await store.lineage(of: id, owner: .ada, atMost: LineageLimits(turns: 200, bytes: 1 << 20))
        guard case .whole(let jobs) = lineage else {
            throw ConformanceFailure("the lineage is \(lineage.name)", #fileID, #line)
        }
        return jobs
    }
}

extension Lineage {
    fileprivate var name: String {
        switch self {
        case .whole(let jobs): "\(jobs.count) jobs"
        case .tooLong: "too long"
        case .tooLarge: "too large"
        case .broken(let id): "broken at \(id)"
        }
    }
}
