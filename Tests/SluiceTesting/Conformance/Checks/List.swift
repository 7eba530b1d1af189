import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let listChecks = [
        Check("jobs are listed newest first, page by page") { subject in
            var ids: [JobID] = []
            for second in 0..<7 { ids.insert(try await subject.queue(.sample(at: Double(second))), at: 0) }
            var after: JobID?
            for page in [ids[0...2], ids[3...5], ids[6...6], ids[7...]] {
                let found = try await subject.store.jobs(JobQuery(owner: .ada, after: after, limit: 3))
                try expectEqual(found.map(\.id), Array(page), "a page")
                try expectEqual(found.next, page.count == 3 ? page.last : nil, "where the next page begins")
                after = found.last?.id ?? after
            }
        },
        Check("a list goes on where its last job was, though a purge has taken that one") { subject in
            let oldest = try await subject.queue(.sample(at: 0))
            let old = try await subject.queue(.sample(at: 1))
            let dead = try await subject.dead(.sample(at: 2))
            let newest = try await subject.queue(.sample(at: 3))
            let first = try await subject.store.jobs(JobQuery(owner: .ada, limit: 2))
            try expectEqual(first.map(\.id), [newest, dead], "the first page")
            try expectEqual(try await subject.purge(at: .at(200 * 86_400)), 1, "the jobs purged")
            let second = try await subject.store.jobs(JobQuery(owner: .ada, after: first.next, limit: 2))
            try expectEqual(second.map(\.id), [old, oldest], "the second page")
        },
        Check("a page ends before its bodies are too many, and the next goes on behind it") { subject in
            let sizes = [3, 3, 3, 9, 3]
            var ids: [JobID] = []
            for (second, megabytes) in sizes.enumerated() {
                ids.insert(try await subject.queue(.large(at: Double(second), megabytes << 20)), at: 0)
            }
            let claim = try await subject.start(.sample(at: 9))
            // Its text is in the body and beside it.
            _ = await subject.succeed(claim, .sample(text: String(repeating: "x", count: 4 << 20)))
            ids.insert(claim.id, at: 0)
            for owner in [OwnerID.ada, nil] {
                var after: JobID?
                for page in [ids[0...0], ids[1...1], ids[2...2], ids[3...4], ids[5...5]] {
                    let found = try await subject.store.jobs(JobQuery(owner: owner, after: after, limit: 9))
                    try expectEqual(found.map(\.id), Array(page), "a page")
                    try expectEqual(found.next, page.last == ids.last ? nil : page.last, "where the next page begins")
                    after = found.next
                }
            }
            let few = try await subject.store.jobs(JobQuery(owner: .ada, after: ids[2], limit: 1))
            try expectEqual(few.map(\.id), [ids[3]], "a page of one")
        },
        Check("a list without bodies has everything else, and any number of large jobs") { subject in
            let dead = try await subject.dead(.large(at: 0, 5 << 20))
            let succeeded = try await subject.succeeded(.sample(at: 1))
            let deleted = try await subject.dead(.sample(at: 2))
            _ = try await subject.deleteBodies(deleted)
            let queued = try await subject.queue(.large(at: 3, 5 << 20))
            for (owner, ids) in [(OwnerID.ada, [queued, succeeded, dead]), (nil, [queued, deleted, succeeded, dead])] {
                let query = JobQuery(owner: owner, limit: 9, withBodies: false)
                let found = try await subject.store.jobs(query)
                try expectEqual(found.map(\.id), ids, "the jobs")
                try expectEqual(found.next, nil, "where the next page begins")
                for job in found {
                    var expected = try await subject.record(job.id)
                    (expected.input, expected.result) = (nil, nil)
                    try expectEqual(job.differences(from: expected), [], "the differences from the single read")
                }
            }
            let bare = JobQuery(owner: nil, state: .dead, limit: 9, withBodies: false)
            try expectEqual(try await subject.store.jobs(bare).map(\.id), [deleted, dead], "the dead jobs")
        },
        Check("a page tells of each job what a single read tells") { subject in
            let job = NewJob.sample(deadlineAt: .at(1000))
            try await subject.queue(job)
            let first = try await subject.claimOne()
            _ = await subject.fail(first, .sample(unknown: true))
            _ = await subject.succeed(try await subject.claimOne(.sample(now: .at(10))), .sample(at: .at(11)))
            let single = try await subject.record(job.id)
            for owner in [OwnerID.ada, nil] {
                let listed = try await subject.store.jobs(JobQuery(owner: owner, limit: 9))
                try expectEqual(listed.count, 1, "the number of jobs listed")
                try expectEqual(listed[0].differences(from: single), [], "the differences from the single read")
                try expectEqual(listed[0].lastAttempt, single.lastAttempt, "the last attempt")
            }
        },
        Check("each owner lists its own jobs, an operator all") { subject in
            let ada = try await subject.queue(.sample(.ada, at: 0))
            let bob = try await subject.queue(.sample(.bob, at: 1))
            let more = try await subject.queue(.sample(.ada, at: 2))
            try expectEqual(try await subject.everyJob(owner: .ada).map(\.id), [more, ada], "Ada's jobs")
            try expectEqual(try await subject.everyJob(owner: .bob).map(\.id), [bob], "Bob's jobs")
            try expectEqual(try await subject.everyJob().map(\.id), [more, bob, ada], "all jobs")
            let next = try await subject.store.jobs(JobQuery(owner: .ada, after: bob, limit: 9))
            try expectEqual(next.map(\.id), [ada], "Ada's jobs older than Bob's")
        },
        Check("jobs are listed by state, model and error") { subject in
            let queued = try await subject.queue(.sample(at: 0))
            let other = try await subject.queue(.sample(at: 1, model: "other"))
            let dead = try await subject.dead(.sample(at: 2))
            let expired = try await subject.queue(.sample(at: 3, model: "other", deadlineAt: .at(4)))
            _ = try await subject.expire(at: .at(5))
            func list(_ query: JobQuery, _ expected: [JobID], _ what: String) async throws {
                try expectEqual(try await subject.store.jobs(query).map(\.id), expected, what)
            }
            try await list(JobQuery(owner: nil, state: .queued, limit: 9), [other, queued], "queued jobs")
            try await list(JobQuery(owner: nil, state: .dead, limit: 9), [expired, dead], "dead jobs")
            try await list(JobQuery(owner: nil, state: .running, limit: 9), [], "running jobs")
            try await list(JobQuery(owner: .ada, model: "other", limit: 9), [expired, other], "jobs of a model")
            try await list(JobQuery(owner: nil, errorClass: .expired, limit: 9), [expired], "jobs of an error")
            try await list(
                JobQuery(owner: .ada, state: .dead, model: "gpt", errorClass: .invalidRequest, limit: 9),
                [dead],
                "jobs by all filters"
            )
            try await list(JobQuery(owner: nil, state: .dead, after: expired, limit: 9), [dead], "the next dead jobs")
            try await list(JobQuery(owner: nil, state: .dead, limit: 1), [expired], "one dead job")
        },
        Check("jobs are listed by provider, time and what their callers have said of them") { subject in
            let plain = try await subject.queue(.sample(at: 0))
            var labelled = NewJob.sample(at: 1)
            labelled.input.metadata = Array(#"{"batch":"b1","step":"a\"b"}"#.utf8)
            let first = try await subject.queue(labelled)
            var other = NewJob.sample(.bob, at: 2)
            other.input.metadata = Array(#"{"batch":"b2"}"#.utf8)
            let second = try await subject.queue(other)
            let claim = try await subject.claimOne(.sample(now: .at(3)))
            func list(_ query: JobQuery, _ expected: [JobID], _ what: String) async throws {
                let page = try await subject.store.jobs(query)
                try expectEqual(page.map(\.id), expected, what)
                try expectEqual(page.next, nil, "where the next page begins of \(what)")
            }
            let all = [plain, first, second]
            try expect(all.contains(claim.id), "a job that nobody knows")
            try await list(JobQuery(owner: nil, provider: claim.start.row, limit: 9), [claim.id], "jobs of a provider")
            try await list(JobQuery(owner: nil, provider: "nobody", limit: 9), [], "jobs of another provider")
            try await list(JobQuery(owner: nil, since: .at(1), until: .at(2), limit: 9), [first], "jobs of a time")
            let batch = MetadataFilter(["batch": "b1"])
            try await list(JobQuery(owner: .ada, metadata: batch, limit: 9), [first], "an owner's jobs of a batch")
            try await list(JobQuery(owner: .bob, metadata: batch, limit: 9), [], "another owner's jobs of it")
            try await list(
                JobQuery(
                    owner: nil,
                    metadata: MetadataFilter(["batch": "b1", "step": "a\"b"]),
                    limit: 9,
                    withBodies: false
                ),
                [first],
                "jobs of which two things are said"
            )
            let wrong = MetadataFilter(["batch": "b1", "step": "c"])
            try await list(JobQuery(owner: nil, metadata: wrong, limit: 9), [], "jobs of which one is said")
            let open = try await subject.store.openJobs(OpenJobQuery(metadata: batch, limit: 9))
            try expectEqual(open.ids, [first], "open jobs of a batch")
            try expectEqual(
                try await subject.store.openJobs(OpenJobQuery(metadata: batch, limit: 1)).ids,
                [first],
                "one open job of a batch"
            )
        },
        Check("a filter that fits few looks at so many jobs, and the next page goes on there") { subject in
            let oldest = try await subject.queue(.sample(at: 0, model: "rare"))
            var ids: [JobID] = []
            for second in 1...8 { ids.insert(try await subject.queue(.sample(at: Double(second))), at: 0) }
            for owner in [OwnerID.ada, nil] {
                var query = JobQuery(owner: owner, model: "rare", limit: 3)
                query.mostLooks = 5
                let first = try await subject.store.jobs(query)
                try expectEqual(first.map(\.id), [], "the first page")
                try expectEqual(first.next, ids[4], "where the second page begins")
                try expect(first.isOutOfLooks, "the first page is full")
                query.after = first.next
                let second = try await subject.store.jobs(query)
                try expectEqual(second.map(\.id), [oldest], "the second page")
                try expectEqual(second.next, nil, "where the third page begins")
            }
            // A full page has ended: what comes behind it is not looked at for its sake.
            let newest = try await subject.queue(.sample(at: 9, model: "rare"))
            var query = JobQuery(owner: .ada, model: "rare", limit: 1)
            query.mostLooks = 5
            let full = try await subject.store.jobs(query)
            try expectEqual(full.map(\.id), [newest], "a full page")
            try expectEqual(full.next, newest, "where the page behind it begins")
            try expect(!full.isOutOfLooks, "a full page is out of looks")
        },
        Check("dead jobs are listed by the way they came in, and all of them in one order") { subject in
            var dead: [JobEntry: [JobID]] = [:]
            var all: [JobID] = []
            for (second, entry) in [JobEntry.queue, .call, .call, .queue, .call].enumerated() {
                var job = NewJob.sample(at: Double(second))
                job.facts.terms.entry = entry
                let id = try await subject.dead(job)
                dead[entry, default: []].insert(id, at: 0)
                all.insert(id, at: 0)
            }
            _ = try await subject.queue(.sample(at: 9))
            for withBodies in [true, false] {
                func list(_ entry: JobEntry?, after: JobID? = nil, limit: Int = 9) async throws -> [JobID] {
                    let query = JobQuery(
                        owner: nil,
                        state: .dead,
                        entry: entry,
                        after: after,
                        limit: limit,
                        withBodies: withBodies
                    )
                    return try await subject.store.jobs(query).map(\.id)
                }
                for entry in JobEntry.allCases {
                    try expectEqual(try await list(entry), dead[entry] ?? [], "the dead of \(entry)")
                }
                try expectEqual(try await list(nil), all, "all dead jobs")
                try expectEqual(try await list(nil, after: all[1], limit: 2), Array(all[2...3]), "the second page")
            }
        },
        Check("jobs of each state are listed newest first, an owner's and all, page by page") { subject in
            var ids: [JobState: [(owner: OwnerID, id: JobID)]] = [:]
            for second in 0..<30 {
                let owner = second % 3 == 0 ? OwnerID.bob : .ada
                let job = NewJob.sample(owner, at: Double(second), dueAt: .at(900))
                let state = JobState.allCases[second * 7 % 5]
                switch state {
                case .queued: try await subject.queue(job)
                case .running: _ = try await subject.start(job)
                case .succeeded: _ = try await subject.succeeded(job)
                case .dead: _ = try await subject.dead(job)
                case .cancelled: _ = try await subject.cancel(try await subject.queue(job), at: .at(60))
                }
                ids[state, default: []].insert((owner, job.id), at: 0)
            }
            for (owner, state, bodies) in [OwnerID.ada, .bob, nil].flatMap({ owner in
                JobState.allCases.flatMap { state in [(owner, state, true), (owner, state, false)] }
            }) {
                let expected = ids[state, default: []].filter { owner == nil || $0.owner == owner }.map(\.id)
                var found: [JobID] = []
                var after: JobID?
                repeat {
                    let query = JobQuery(owner: owner, state: state, after: after, limit: 2, withBodies: bodies)
                    let page = try await subject.store.jobs(query)
                    found += page.map(\.id)
                    after = page.next
                } while after != nil
                try expectEqual(found, expected, "the \(state) jobs of \(owner?.rawValue ?? "all")")
            }
        },
        Check("jobs are listed from a moment on, by their end or else their birth") { subject in
            let old = try await subject.queue(.sample(at: 0, model: "other"))
            let ended = try await subject.start(.sample(at: 1)).id
            _ = try await subject.cancel(ended, at: .at(50))
            let young = try await subject.queue(.sample(at: 40))
            let found = try await subject.store.jobs(JobQuery(owner: .ada, since: .at(40), limit: 9))
            try expectEqual(found.map(\.id), [young, ended], "the jobs since second 40")
            let later = try await subject.store.jobs(JobQuery(owner: .ada, since: .at(50), limit: 9))
            try expectEqual(later.map(\.id), [ended], "the jobs since second 50")
            let all = try await subject.store.jobs(JobQuery(owner: .ada, since: .at(0), limit: 9))
            try expectEqual(all.map(\.id), [young, ended, old], "the jobs since the beginning")
        },
    ]

    static let readChecks = [
        Check("groups tell when their first job is due") { subject in
            try expectEqual(try await subject.store.groups(), [], "the groups of an empty store")
            try await subject.queue(.sample(at: 0, dueAt: .at(70)))
            try await subject.queue(.sample(.bob, at: 1, dueAt: .at(30)))
            try await subject.queue(.sample(at: 2, lane: .bulk, dueAt: .at(90)))
            let bulk = JobGroup(lane: .bulk, operation: .chat, route: "gpt")
            let expected = [
                GroupState(group: .standard, nextRunAt: .at(30), owners: [.ada, .bob]),
                GroupState(group: bulk, nextRunAt: .at(90), owners: [.ada]),
            ]
            try expectEqual(Set(try await subject.store.groups()), Set(expected), "the groups")
            _ = try await subject.claimOne(.sample(now: .at(30)))
            let after = [GroupState(group: .standard, nextRunAt: .at(70), owners: [.ada]), expected[1]]
            try expectEqual(Set(try await subject.store.groups()), Set(after), "the groups after a claim")
        },
        Check("jobs are found between two ids, the lowest first, and no more than were asked for") { subject in
            var ids: [JobID] = []
            for second in 0..<4 { ids.append(try await subject.queue(.sample(at: Double(second)))) }
            func found(_ first: JobID, _ last: JobID, _ limit: Int = 9) async throws -> [JobID] {
                try await subject.store.ids(from: first, through: last, limit: limit)
            }
            try expectEqual(try await found(ids[1], ids[2]), [ids[1], ids[2]], "those between")
            try expectEqual(try await found(ids[0], ids[3], 2), [ids[0], ids[1]], "the first two")
            try expectEqual(try await found(ids[2], ids[1]), [], "the wrong way round")
            guard let span = JobID.span(beginningWith: String(ids[3].description.prefix(23))) else {
                throw ConformanceFailure("the beginning of an id is none", #fileID, #line)
            }
            try expectEqual(try await found(span.first, span.last), [ids[3]], "the one that begins so")
        },
        Check("counts tell how many jobs stand in each state") { subject in
            try expectEqual(try await subject.store.counts().values.reduce(0, +), 0, "the sum of an empty store")
            for second in 0..<3 { try await subject.queue(.sample(at: Double(second), model: "other")) }
            _ = try await subject.start(.sample(at: 3))
            _ = try await subject.start(.sample(at: 4))
            _ = try await subject.succeeded(.sample(at: 5))
            _ = try await subject.dead(.sample(at: 6))
            let cancelled = try await subject.queue(.sample(at: 7))
            _ = try await subject.cancel(cancelled, at: .at(8))
            let counts = try await subject.store.counts()
            let expected: [JobState: Int] = [.queued: 3, .running: 2, .succeeded: 1, .dead: 1, .cancelled: 1]
            try expectEqual(counts, expected, "the counts")
        },
        Check("what was acknowledged is read at once, by every reader") { subject in
            try await withThrowingTaskGroup { group in
                for number in 0..<16 {
                    group.addTask {
                        let claim = try await subject.start(.sample(at: Double(number)))
                        try expectEqual(try await subject.record(claim.id).state, .running, "the state after the start")
                        _ = await subject.succeed(claim, .sample(at: .at(90)))
                        try expectEqual(try await subject.record(claim.id).state, .succeeded, "the state after the end")
                    }
                }
                try await group.waitForAll()
            }
        },
        Check("an owner is made, renamed, disabled and enabled, each with its line in the audit") { subject in
            func entry(_ action: String) -> AuditEntry {
                AuditEntry(at: .at(1), actor: "operator:ada", action: action, subject: "ada", result: "ok")
            }
            func change(_ change: OwnerChange, of owner: OwnerID = .ada) async throws -> OwnerChanged {
                try await subject.store.change(owner: owner, change, audit: entry("owner.changed"))
            }
            var ada = OwnerRecord(id: .ada, name: "Ada", createdAt: .at(0))
            let bob = OwnerRecord(id: .bob, name: "Bob", createdAt: .at(1))
            try expectEqual(try await subject.store.insert(owner: ada, audit: entry("owner.create")), true, "the first")
            try expectEqual(
                try await subject.store.insert(owner: bob, audit: entry("owner.create")),
                true,
                "the second"
            )
            let namesake = OwnerRecord(id: OwnerID(rawValue: "x"), name: "Bob", createdAt: .at(2))
            try expectEqual(
                try await subject.store.insert(owner: namesake, audit: entry("owner.create")),
                false,
                "one whose name is taken"
            )
            try expectEqual(try await change(.rename(to: "Bob")), .nameTaken, "a name that is taken")
            ada.name = "Ada L."
            try expectEqual(try await change(.rename(to: "Ada L.")), .changed(ada), "another name")
            try expectEqual(try await subject.store.owner(named: "Ada L."), ada, "the owner by its new name")
            try expectEqual(try await subject.store.owner(named: "Ada"), nil, "the owner by its old name")
            ada.disabledAt = .at(5)
            try expectEqual(try await change(.disable(at: .at(5))), .changed(ada), "disabled")
            try expectEqual(try await change(.disable(at: .at(9))), .changed(ada), "disabled twice")
            let token = TokenRecord(
                id: TokenID(rawValue: "aaaaaaaa"),
                owner: .ada,
                name: "a",
                hash: Array(repeating: 7, count: 32),
                scopes: [.jobsRead],
                createdAt: .at(3),
                expiresAt: nil
            )
            _ = try await subject.store.insert(token, newOwner: nil, audit: entry("token.create"))
            try expectEqual(try await subject.store.token(token.id)?.isOwnerDisabled, true, "its token")
            try expectEqual(try await subject.store.tokens(owner: nil).map(\.isOwnerDisabled), [true], "its tokens")
            ada.disabledAt = nil
            try expectEqual(try await change(.enable), .changed(ada), "enabled")
            try expectEqual(try await subject.store.token(token.id)?.isOwnerDisabled, false, "its token then")
            try expectEqual(try await change(.enable, of: OwnerID(rawValue: "nobody")), .notFound, "nobody")
            _ = try await subject.store.deleteOwner(.ada, at: .at(8), audit: entry("owner.delete"))
            try expectEqual(try await change(.enable), .notFound, "one that was deleted")
            let narrowed = try await subject.store.narrow(
                token.id,
                types: [.chat],
                models: ["gpt-*", "o1"],
                audit: entry("token.narrow")
            )
            try expectEqual(narrowed?.types, [.chat], "the types")
            try expectEqual(narrowed?.models, ["gpt-*", "o1"], "the models")
            try expectEqual(try await subject.store.token(token.id), narrowed, "what is kept")
            let missing = TokenID(rawValue: "bbbbbbbb")
            try expectEqual(
                try await subject.store.narrow(missing, types: nil, models: nil, audit: entry("token.narrow")),
                nil,
                "a token that is not there"
            )
            let actions = try await subject.store.audit(AuditQuery(limit: 99)).map(\.action)
            try expectEqual(actions.count { $0 == "owner.changed" }, 4, "the changes in the audit")
            try expectEqual(actions.count { $0 == "token.narrow" }, 1, "the narrowings in the audit")
        },
        Check("a row is paused once, and resumed once, each with its line in the audit") { subject in
            let pause = RowPause(row: "alpha", since: .at(1), actor: "operator:ada")
            let line = { (action: String) in
                AuditEntry(at: .at(1), actor: "operator:ada", action: action, subject: "alpha", result: "ok")
            }
            try expectEqual(
                try await subject.store.pause(pause, audit: line("provider.pause")),
                true,
                "the first pause"
            )
            var second = pause
            second.since = .at(9)
            try expectEqual(try await subject.store.pause(second, audit: line("provider.pause")), false, "the second")
            try expectEqual(try await subject.store.pauses(), [pause], "what is paused")
            try expectEqual(
                try await subject.store.resume(row: "beta", audit: line("provider.resume")),
                false,
                "another row's end"
            )
            try expectEqual(
                try await subject.store.resume(row: "alpha", audit: line("provider.resume")),
                true,
                "its end"
            )
            try expectEqual(
                try await subject.store.resume(row: "alpha", audit: line("provider.resume")),
                false,
                "twice"
            )
            try expectEqual(try await subject.store.pauses(), [], "what is paused then")
            let lines = try await subject.store.audit(AuditQuery(limit: 9)).map(\.action)
            try expectEqual(lines, ["provider.resume", "provider.pause"], "the audit")
        },
        Check("a configuration is kept under its hash as it first was") { subject in
            let hash = String(repeating: "ab", count: 32)
            try expectEqual(try await subject.store.config(hash), nil, "an unknown configuration")
            try await subject.store.record(config: [1, 2, 3], hash: hash, at: .at(0))
            try await subject.store.record(config: [9], hash: hash, at: .at(5))
            try expectEqual(try await subject.store.config(hash), [1, 2, 3], "the configuration")
        },
    ]
}
