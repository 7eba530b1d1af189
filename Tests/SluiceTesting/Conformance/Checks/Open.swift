import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let openChecks = [
        Check("jobs that have not ended are found owner by owner, queued ones and then those that run") { subject in
            let ada = try await subject.queue(.sample(.ada, at: 0))
            let running = try await subject.start(.sample(.ada, at: 1)).id
            let bob = try await subject.queue(.sample(.bob, at: 2))
            _ = try await subject.dead(.sample(at: 3))
            _ = try await subject.succeeded(.sample(at: 4))
            let cancelled = try await subject.queue(.sample(at: 5))
            _ = try await subject.cancel(cancelled, at: .at(6))
            let late = try await subject.queue(.sample(.ada, at: 7))
            let elsewhere = try await subject.start(.sample(.bob, at: 8), boot: .second).id
            let all = [bob, late, ada, elsewhere, running]
            for limit in 1...6 {
                var found: [JobID] = []
                var after: OpenJobPlace?
                repeat {
                    let page = try await subject.store.openJobs(OpenJobQuery(after: after, limit: limit))
                    try expect(page.ids.count <= limit, "a page of \(limit) holds \(page.ids.count) jobs")
                    found += page.ids
                    // A place says of itself where it is.
                    after = page.next.flatMap { OpenJobPlace($0.description) }
                    try expectEqual(after, page.next, "the place read from its text")
                } while after != nil
                try expectEqual(found, all, "the jobs, \(limit) a page")
            }
        },
        Check("a page begins behind its place, though the job that stood there has ended or is purged") { subject in
            let ids = try await [
                subject.queue(.sample(at: 0)), subject.queue(.sample(at: 1)), subject.queue(.sample(at: 2)),
            ]
            let first = try await subject.store.openJobs(OpenJobQuery(limit: 1))
            try expectEqual(first.ids, [ids[2]], "the first page")
            _ = try await subject.cancel(ids[2], at: .at(3))
            try expectEqual(try await subject.purge(at: .at(200 * 86_400)), 1, "the jobs purged")
            _ = try await subject.queue(.sample(at: 4))
            let second = try await subject.store.openJobs(OpenJobQuery(after: first.next, limit: 9))
            try expectEqual(second.ids, [ids[1], ids[0]], "the second page")
        },
        Check("jobs that have not ended are found by each thing they may have in common") { subject in
            let plain = try await subject.queue(.sample(at: 10))
            let bob = try await subject.queue(.sample(.bob, at: 20))
            let other = try await subject.queue(.sample(at: 30, model: "other"))
            let bulk = try await subject.queue(.sample(at: 40, lane: .bulk))
            let embedding = try await subject.queue(.sample(at: 50, operation: .embedding))
            let running = try await subject.start(.sample(at: 60)).id
            let theirs = try await subject.start(.sample(.bob, at: 70)).id
            func expectFound(_ query: OpenJobQuery, _ ids: Set<JobID>, _ what: String) async throws {
                let found = try await subject.store.openJobs(query)
                try expectEqual(found.ids.count, ids.count, "the number of \(what)")
                try expectEqual(Set(found.ids), ids, what)
            }
            let adas: Set = [plain, other, bulk, embedding, running]
            try await expectFound(OpenJobQuery(owner: .ada, limit: 99), adas, "Ada's jobs")
            try await expectFound(OpenJobQuery(owner: .bob, limit: 99), [bob, theirs], "Bob's jobs")
            try await expectFound(OpenJobQuery(owner: .init(rawValue: "eve"), limit: 99), [], "Eve's jobs")
            try await expectFound(OpenJobQuery(state: .running, limit: 99), [running, theirs], "running jobs")
            try await expectFound(
                OpenJobQuery(owner: .ada, state: .queued, limit: 99),
                adas.subtracting([running]),
                "Ada's queued jobs"
            )
            try await expectFound(OpenJobQuery(model: "other", limit: 99), [other], "jobs of a model")
            try await expectFound(OpenJobQuery(operation: .embedding, limit: 99), [embedding], "jobs of a type")
            try await expectFound(OpenJobQuery(lane: .bulk, limit: 99), [bulk], "jobs of a lane")
            try await expectFound(OpenJobQuery(since: .at(60), limit: 99), [running, theirs], "jobs since a moment")
            try await expectFound(OpenJobQuery(until: .at(20), limit: 99), [plain], "jobs until a moment")
            try await expectFound(
                OpenJobQuery(owner: .ada, model: "gpt", lane: .interactive, since: .at(10), until: .at(60), limit: 99),
                [plain, embedding],
                "jobs by many filters"
            )
        },
    ]
}
