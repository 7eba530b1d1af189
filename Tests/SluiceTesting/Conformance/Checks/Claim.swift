import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let claimChecks = [
        Check("a claim makes a due job running, at the next epoch and with its attempt") { subject in
            var job = NewJob.sample(.bob, model: "gpt", onUnknown: .deadLetter, deadlineAt: .at(99))
            job.facts.terms.surface = .openAI
            job.facts.terms.stream = true
            job.input = JobInput(body: [7, 8, 9], metadata: [1])
            try await subject.queue(job)
            let claim = try await subject.claimOne(.sample(rows: ["beta"]))
            try expectEqual(claim.id, job.id, "the id")
            try expectEqual(claim.epoch, 1, "the epoch")
            try expectEqual(claim.owner, .bob, "the owner")
            try expectEqual(claim.surface, .openAI, "the surface")
            try expectEqual(claim.operation, .chat, "the operation")
            try expectEqual(claim.model, "gpt", "the model")
            try expectEqual(claim.stream, true, "stream")
            try expectEqual(claim.lane, .interactive, "the lane")
            try expectEqual(claim.failures, 0, "the failures")
            try expectEqual(claim.interrupts, 0, "the interrupts")
            try expectEqual(claim.attempt, 1, "the attempt")
            try expectEqual(claim.deferredSince, nil, "deferredSince")
            try expectEqual(claim.deadlineAt, .at(99), "the deadline")
            try expectEqual(claim.onUnknown, .deadLetter, "the policy")
            try expectEqual(claim.createdAt, job.createdAt, "createdAt")
            try expectEqual(claim.input, job.input, "the input")
            try expectEqual(claim.start, .sample("beta"), "the start")
            try expectEqual(claim.failedRows, [], "the failed rows")
            try await subject.expectRecord(JobRecord(queued: job)) { $0.begin(claim) }
            let attempt = AttemptRecord(epoch: 1, start: .sample("beta"), outcome: nil, report: nil)
            try await subject.expectAttempts(job.id, [attempt])
        },
        Check("jobs are claimed when they are due, and not before") { subject in
            let id = try await subject.queue(.sample(dueAt: .at(30)))
            let early = try await subject.claim(.sample(now: .at(29.999)))
            try expect(early.jobs.isEmpty, "a job was claimed before it was due")
            try expectEqual(early.nextRunAt, .at(30), "nextRunAt")
            let due = try await subject.claim(.sample(now: .at(30)))
            try expectEqual(due.jobs.map(\.id), [id], "the jobs claimed when due")
            try expectEqual(due.nextRunAt, nil, "nextRunAt of an empty group")
        },
        Check("the job that is due first is claimed first, whenever it came") { subject in
            let last = try await subject.queue(.sample(at: 0, dueAt: .at(9)))
            let first = try await subject.queue(.sample(at: 1, dueAt: .at(3)))
            let second = try await subject.queue(.sample(at: 2, dueAt: .at(3)))
            let claimed = try await subject.claim(.sample(now: .at(10), rows: ["alpha", "alpha", "alpha"]))
            try expectEqual(claimed.jobs.map(\.id), [first, second, last], "the order of the claims")
        },
        Check("there are never more claims than places, and each place is used once") { subject in
            for second in 0..<5 { try await subject.queue(.sample(at: Double(second), dueAt: .at(Double(second)))) }
            let claimed = try await subject.claim(.sample(now: .at(10), rows: ["alpha", "beta", "gamma"]))
            try expectEqual(claimed.jobs.map(\.start.row).sorted(), ["alpha", "beta", "gamma"], "the rows")
            try expectEqual(claimed.nextRunAt, .at(3), "nextRunAt with jobs left over")
            try expectEqual(try await subject.store.counts()[.running], 3, "the number of running jobs")
            let none = try await subject.claim(.sample(now: .at(10), rows: []))
            try expect(none.jobs.isEmpty, "jobs were claimed without a place")
            try expectEqual(none.nextRunAt, .at(3), "nextRunAt without a place")
        },
        Check("a claim leaves other groups alone") { subject in
            let others = [
                NewJob.sample(lane: .bulk), NewJob.sample(operation: .completion), NewJob.sample(model: "other"),
            ]
            var foreign = NewJob.sample()
            foreign.facts.terms.format = .openAIChat
            for other in others + [foreign] { try await subject.queue(other) }
            let own = try await subject.queue(.sample())
            let claimed = try await subject.claim(.sample(rows: ["alpha", "alpha", "alpha", "alpha"]))
            try expectEqual(claimed.jobs.map(\.id), [own], "the claimed jobs")
            for other in others { try await subject.expectRecord(JobRecord(queued: other)) { _ in } }
            let bulk = JobGroup(lane: .bulk, operation: .chat, route: "gpt")
            let second = try await subject.claim(.sample(bulk))
            try expectEqual(second.jobs.map(\.id), [others[0].id], "the claimed job of the bulk lane")
            let group = JobGroup(lane: .interactive, operation: .chat, format: .openAIChat, route: "gpt")
            let third = try await subject.claim(.sample(group, rows: ["alpha", "alpha"]))
            try expectEqual(third.jobs.map(\.id), [foreign.id], "the claimed job of another format")
            try expect(try await subject.store.groups().map(\.group).contains(group) == false, "a group without jobs")
        },
        Check("a job that has failed gets a place on a row it has not failed on") { subject in
            try await subject.queue()
            let first = try await subject.claimOne(.sample(rows: ["alpha"]))
            _ = await subject.fail(first, .sample(retryAt: .at(3)))
            let again = try await subject.claimOne(
                .sample(now: .at(4), rows: ["alpha", "beta"], alternates: ["gamma"])
            )
            try expectEqual(again.start.row, "beta", "the row of the second attempt")
            try expectEqual(again.failedRows, ["alpha"], "the failed rows")
            try expectEqual(again.failures, 1, "the failures")
            try expectEqual(again.attempt, 2, "the attempt")
        },
        Check("a job that has failed takes an alternate before a row it has failed on") { subject in
            try await subject.queue()
            let first = try await subject.claimOne(.sample(rows: ["alpha"]))
            _ = await subject.fail(first, .sample(unknown: true, retryAt: .at(3)))
            let again = try await subject.claimOne(.sample(now: .at(4), rows: ["alpha"], alternates: ["gamma"]))
            try expectEqual(again.start.row, "gamma", "the row of the second attempt")
        },
        Check("a job that has failed takes its old row where there is no other") { subject in
            try await subject.queue()
            let first = try await subject.claimOne(.sample(rows: ["alpha"]))
            _ = await subject.fail(first, .sample(retryAt: .at(3)))
            let again = try await subject.claimOne(.sample(now: .at(4), rows: ["alpha"], alternates: ["alpha"]))
            try expectEqual(again.start.row, "alpha", "the row of the second attempt")
        },
        Check("alternates are for jobs that have failed") { subject in
            try await subject.queue()
            let claimed = try await subject.claim(.sample(rows: [], alternates: ["gamma"]))
            try expect(claimed.jobs.isEmpty, "a job that has not failed got an alternate")
        },
        Check("jobs of a named owner get the places that are for them, and no others") { subject in
            let ada = try await subject.queue(.sample(.ada, at: 0, dueAt: .at(0)))
            let later = try await subject.queue(.sample(.ada, at: 1, dueAt: .at(1)))
            let bob = try await subject.queue(.sample(.bob, at: 2, dueAt: .at(2)))
            var request = ClaimRequest.sample(now: .at(10), rows: ["alpha", "alpha", "alpha"])
            request.named[.ada] = [.sample("probe", at: .at(10))]
            let first = try await subject.claim(request)
            try expectEqual(Set(first.jobs.map(\.id)), [ada, bob], "the jobs that were claimed")
            try expectEqual(first.jobs.first { $0.id == ada }?.start.row, "probe", "the place of the named owner")
            try expectEqual(first.skipped, [.ada], "who was stepped over")
            try expectEqual(first.nextRunAt, nil, "nextRunAt of the others")
            request.named[.ada] = []
            let second = try await subject.claim(request)
            try expect(second.jobs.isEmpty, "a named owner got somebody else's place")
            try expectEqual(second.skipped, [.ada], "who was stepped over")
            try expectEqual(try await subject.claimOne(.sample(now: .at(10))).id, later, "the job that was left")
        },
        Check("claims at once never give one job twice") { subject in
            for second in 0..<30 { try await subject.queue(.sample(at: Double(second), dueAt: .at(0))) }
            let claimed = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
                for _ in 0..<12 {
                    group.addTask { try await subject.claim(.sample(rows: ["alpha", "beta", "gamma"])).jobs }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(Set(claimed.map(\.id)).count, claimed.count, "the number of different jobs claimed")
            try expectEqual(claimed.count, 30, "the number of jobs claimed")
        },
    ]

    static let turnChecks = [
        Check("owners take turns within one claim") { subject in
            for second in 0..<4 { try await subject.queue(.sample(.ada, at: Double(second), dueAt: .at(0))) }
            let bobs = try await subject.queue(.sample(.bob, at: 10, dueAt: .at(10)))
            let claimed = try await subject.claim(.sample(now: .at(20), rows: ["alpha", "alpha"]))
            try expectEqual(Set(claimed.jobs.map(\.owner)), [.ada, .bob], "the owners served")
            let rest = try await subject.claim(.sample(now: .at(20), rows: Array(repeating: "alpha", count: 9)))
            try expectEqual(rest.jobs.map(\.owner), [.ada, .ada, .ada], "the owners of the rest")
            try expect(claimed.jobs.contains { $0.id == bobs }, "Bob's only job was not claimed")
        },
        Check("owners take turns from claim to claim") { subject in
            for second in 0..<6 { try await subject.queue(.sample(.ada, at: Double(second), dueAt: .at(0))) }
            for second in 6..<9 { try await subject.queue(.sample(.bob, at: Double(second), dueAt: .at(0))) }
            var owners: [OwnerID] = []
            for _ in 0..<6 { owners.append(try await subject.claimOne(.sample(now: .at(20))).owner) }
            try expectEqual(owners.count { $0 == .bob }, 3, "Bob's share of six places")
        },
        Check("an owner's jobs are claimed in the order in which they are due") { subject in
            var due: [OwnerID: [JobID]] = [:]
            for second in 0..<4 {
                for owner in [OwnerID.ada, .bob] {
                    let moment = Double(10 - second)
                    let id = try await subject.queue(.sample(owner, at: Double(second), dueAt: .at(moment)))
                    due[owner, default: []].insert(id, at: 0)
                }
            }
            var claimed: [ClaimedJob] = []
            for _ in 0..<4 {
                claimed += try await subject.claim(.sample(now: .at(20), rows: ["alpha", "alpha"])).jobs
            }
            for (owner, ids) in due {
                try expectEqual(claimed.filter { $0.owner == owner }.map(\.id), ids, "the order of \(owner)'s claims")
            }
        },
        Check("who has waited for longest is served first, whatever the name") { subject in
            for (owner, moment) in [("ada", 9), ("bob", 3), ("zoe", 1)] {
                try await subject.queue(
                    .sample(OwnerID(rawValue: owner), at: Double(moment), dueAt: .at(Double(moment)))
                )
            }
            var owners: [String] = []
            for _ in 0..<3 { owners.append(try await subject.claimOne(.sample(now: .at(20))).owner.rawValue) }
            try expectEqual(owners, ["zoe", "bob", "ada"], "the order of the turns")
        },
        Check("whoever comes has a turn before anybody has two") { subject in
            for second in 0..<9 { try await subject.queue(.sample(.ada, at: Double(second), dueAt: .at(0))) }
            for second in 0..<9 { try await subject.queue(.sample(.bob, at: Double(second), dueAt: .at(0))) }
            for number in 0..<6 {
                _ = try await subject.claimOne(.sample(now: .at(20)))
                let comer = OwnerID(rawValue: number % 2 == 0 ? "aaron" : "zoe")
                try await subject.queue(.sample(comer, at: 20, dueAt: .at(20)))
                var owners: [OwnerID] = []
                for _ in 0..<3 { owners.append(try await subject.claimOne(.sample(now: .at(20))).owner) }
                try expectEqual(Set(owners).count, 3, "the owners of three places")
                try expect(owners.contains(comer), "\(comer) got none of three places beside two others")
            }
        },
        Check("an owner whose jobs are due later is passed over, and has a turn when they are") { subject in
            try await subject.queue(.sample(.bob, at: 0, dueAt: .at(30)))
            for second in 0..<3 { try await subject.queue(.sample(.ada, at: Double(second), dueAt: .at(0))) }
            let first = try await subject.claimOne(.sample(now: .at(20)))
            try expectEqual(first.owner, .ada, "who was served before the other was due")
            let both = try await subject.claim(.sample(now: .at(30), rows: ["alpha", "alpha"])).jobs
            try expectEqual(Set(both.map(\.owner)), [.ada, .bob], "who was served then")
        },
        Check("a job that was called off keeps nobody else from a turn, and is not waited for") { subject in
            let gone = try await subject.queue(.sample(.ada, at: 0, dueAt: .at(0)))
            let later = try await subject.queue(.sample(.ada, at: 1, dueAt: .at(40)))
            try await subject.queue(.sample(.bob, at: 2, dueAt: .at(50)))
            try expectEqual(try await subject.claim(.sample(now: .at(3), rows: [])).nextRunAt, .at(0), "nextRunAt")
            _ = try await subject.cancel(gone, at: .at(4))
            try expectEqual(try await subject.claim(.sample(now: .at(5))).nextRunAt, .at(40), "nextRunAt")
            _ = try await subject.cancel(later, at: .at(6))
            try expectEqual(try await subject.claim(.sample(now: .at(7))).nextRunAt, .at(50), "nextRunAt")
            try expectEqual(try await subject.claimOne(.sample(now: .at(50))).owner, .bob, "who is left")
        },
        Check("whichever way a job comes into the queue, its owner has a turn") { subject in
            // While somebody waits for later, whose turn it is stays known.
            try await subject.queue(.sample(.bob, at: 0, dueAt: .at(1000)))
            try expectEqual(try await subject.claim(.sample(now: .at(1))).nextRunAt, .at(1000), "nextRunAt")
            let id = try await subject.queue(.sample(.ada, at: 2, onUnknown: .retry, dueAt: .at(2)))
            var claim = try await subject.claimOne(.sample(now: .at(3)))
            _ = await subject.fail(claim, .sample(at: .at(4), retryAt: .at(10)))
            claim = try await subject.claimOne(.sample(now: .at(10)))
            _ = await subject.release(claim, at: .at(11))
            claim = try await subject.claimOne(.sample(now: .at(11)))
            _ = await subject.defer(claim, .sample(at: .at(12), .rateLimit), until: .at(20))
            claim = try await subject.claimOne(.sample(now: .at(20)))
            _ = try await subject.rescue(boot: .second, at: .at(21))
            claim = try await subject.claimOne(.sample(now: .at(21)))
            _ = await subject.fail(claim, .sample(at: .at(22), counts: false, retryAt: nil))
            _ = try await subject.redrive(id, at: .at(30))
            claim = try await subject.claimOne(.sample(now: .at(30)))
            try expectEqual(claim.id, id, "the job")
        },
        Check("an owner who is closed out keeps the turn") { subject in
            for second in 0..<4 { try await subject.queue(.sample(.bob, at: Double(second), dueAt: .at(0))) }
            for second in 5..<9 { try await subject.queue(.sample(.ada, at: Double(second), dueAt: .at(5))) }
            var request = ClaimRequest.sample(now: .at(20))
            request.named[.bob] = []
            for _ in 0..<2 { try expectEqual(try await subject.claimOne(request).owner, .ada, "who was served") }
            try expectEqual(try await subject.claimOne(.sample(now: .at(20))).owner, .bob, "who was served then")
        },
    ]
}
