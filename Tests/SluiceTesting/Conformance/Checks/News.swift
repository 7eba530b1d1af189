import SluiceStore
import SluiceTypes
import Synchronization

extension StoreConformance {
    static let newsChecks = [
        Check("how many jobs there are is told with each commit") { subject in
            let heard = Heard(of: subject.store)
            func compare(_ when: String) async throws {
                try expectEqual(heard.counts, try await subject.store.jobCounts(), "what was told \(when)")
            }
            let waiting = CountedJobs(.queued, JobKind(NewJob.sample().facts))
            let first = try await subject.queue(.sample(at: 0))
            try await subject.queue(.sample(at: 1))
            try expectEqual(heard.counts, [waiting: 2], "what was told of two that came in")
            let claim = try await subject.claimOne()
            try await compare("of a claim")
            _ = await subject.succeed(claim, .sample())
            try await compare("of an answer")
            let second = try await subject.claimOne()
            _ = await subject.fail(second, .sample(at: .at(3), retryAt: .at(4)))
            try await compare("of a failure")
            let third = try await subject.claimOne(.sample(now: .at(4)))
            _ = await subject.fail(third, .sample(at: .at(5), counts: true, retryAt: nil))
            try await compare("of a death")
            _ = try await subject.redrive(third.id, model: "other", at: .at(6))
            try await compare("of a redrive")
            _ = try await subject.cancel(third.id, at: .at(7))
            try await compare("of a cancellation")
            try await subject.submitRunning(.sample(at: 8))
            _ = try await subject.rescue(boot: .second, at: .at(9))
            try await compare("of a rescue")
            try await subject.queue(.sample(at: 8, deadlineAt: .at(10)))
            _ = try await subject.expire(at: .at(11))
            try await compare("of a deadline")
            _ = try await subject.purge(at: .at(11).adding(subject.retention.succeeded))
            try await compare("of a purge")
            try expect(try await subject.store.job(first, owner: nil) == nil, "nothing was purged")
        },
        Check("each way of a job is told once, with how long it had been due, and why it died") { subject in
            let heard = Heard(of: subject.store)
            let job = NewJob.sample(at: 0)
            let kind = JobKind(job.facts)
            try await subject.queue(job)
            let claim = try await subject.claimOne(.sample(now: .at(3)))
            _ = await subject.fail(claim, .sample(at: .at(4), .timeout, retryAt: nil))
            _ = await subject.fail(claim, .sample(at: .at(4), .timeout, retryAt: nil))
            _ = try await subject.redrive(job.id, at: .at(5))
            let next = try await subject.claimOne(.sample(now: .at(5)))
            _ = await subject.succeed(next, .sample())
            try expectEqual(
                heard.news.flatMap(\.moves),
                [
                    JobMove(job.id, kind, from: nil, to: .queued),
                    JobMove(job.id, kind, from: .queued, to: .running, waited: .seconds(3)),
                    JobMove(job.id, kind, from: .running, to: .dead, errorClass: .timeout),
                    JobMove(job.id, kind, from: .dead, to: .queued),
                    JobMove(job.id, kind, from: .queued, to: .running, waited: .zero),
                    JobMove(job.id, kind, from: .running, to: .succeeded),
                ],
                "what was told of the job's ways"
            )
        },
        Check("each end of an attempt is told once, and all that it adds to the ledger") { subject in
            let heard = Heard(of: subject.store)
            let claim = try await subject.start()
            _ = try await subject.rescue(boot: .second, at: .at(2))
            // Its worker comes too late, and says it twice.
            _ = await subject.succeed(claim, .sample())
            _ = await subject.succeed(claim, .sample())
            let endings = heard.news.flatMap(\.attempts)
            try expectEqual(endings.map(\.epoch), [claim.epoch], "whose ends were told")
            try expectEqual(endings.map(\.outcome), [.interrupted], "as what")
            try expectEqual(endings.map(\.row), [claim.start.row], "at which row")
            let told = heard.news.flatMap(\.postings).reduce(LedgerSums()) { $0 + $1.difference }
            let kept = try await subject.store.usage(UsageQuery(-1_000_000...1_000_000, by: []))
            try expectEqual([told], kept.map(\.sums), "what was told of sums")
        },
        Check("each span is told once that ends, whoever ended it, with where its caller's trace stood") { subject in
            let heard = Heard(of: subject.store, wantsSpans: true)
            let context = TraceContext.sample(state: "a=1,b=2")
            try expect(context?.state == "a=1,b=2", "the sample of a trace can't be read")
            var job = NewJob.sample(at: 0)
            job.input.trace = context
            job.facts.terms.session = "a conversation"
            try await subject.queue(job)
            let first = try await subject.claimOne(.sample(now: .at(1)))
            _ = await subject.fail(first, .sample(at: .at(2), .timeout, retryAt: nil))
            _ = try await subject.redrive(job.id, at: .at(3))
            let second = try await subject.claimOne(.sample(now: .at(3)))
            try expectEqual(second.input.trace, context, "the trace of what was claimed")
            // Nobody settles it.
            _ = try await subject.rescue(boot: .second, at: .at(4))
            let third = try await subject.claimOne(.sample(now: .at(5)))
            let success = Success.sample()
            _ = await subject.succeed(third, success)
            _ = await subject.succeed(third, success)
            try await subject.queue(.sample(at: 8, deadlineAt: .at(10)))
            _ = try await subject.expire(at: .at(11))
            let cancelled = try await subject.queue(.sample(at: 12))
            _ = try await subject.cancel(cancelled, at: .at(13))

            let spans = heard.news.flatMap(\.spans)
            let told = spans.map { span in
                switch span {
                case .attempt(let ending, _, let finish): "\(ending.epoch) \(ending.outcome) \(finish ?? "-")"
                case .job(_, let state, let errorClass, let moment, _):
                    "\(state) \(errorClass?.rawValue ?? "-") \(moment.since(.at(0)))"
                }
            }
            let expected = [
                "1 failed -", "dead timeout 2.0 seconds", "3 interrupted -", "5 ok \(success.finish)",
                "succeeded - \(success.report.endedAt.since(.at(0)))", "dead expired 11.0 seconds",
                "cancelled - 13.0 seconds",
            ]
            try expectEqual(told, expected, "what was told")
            var redriven = job.facts
            redriven.redrivenAt = .at(3)
            try expectEqual(
                Array(spans.map(\.job).prefix(5)),
                [TracedJob(job.facts, context), TracedJob(job.facts, context)]
                    + Array(repeating: TracedJob(redriven, context), count: 3),
                "of which job"
            )
        },
        Check("the span of a job that repeats a failed one tells of that one, while it can be found") { subject in
            let heard = Heard(of: subject.store, wantsSpans: true)
            var failed = NewJob.sample(at: 0, key: "k")
            failed.facts.terms.entry = .call
            failed.input.trace = .sample()
            let former = try await subject.dead(failed)
            var again = NewJob.sample(at: 10, key: "k")
            again.facts.terms.entry = .call
            _ = await subject.succeed(try await subject.start(again), .sample())
            var once = NewJob.sample(at: 20)
            once.facts.terms.retryOf = former
            let cancelled = try await subject.queue(once)
            _ = try await subject.deleteBodies(former)
            _ = try await subject.cancel(cancelled, at: .at(21))
            let formers = heard.news.flatMap(\.spans).compactMap { span -> [TracedJob?]? in
                if case .job(_, _, _, _, let former) = span { [former] } else { nil }
            }
            let known = TracedJob(failed.facts, failed.input.trace)
            try expectEqual(formers, [[nil], [known], [nil]], "what was told of failed ones")
            try expectEqual(try await subject.store.traced(former), nil, "what is told of a call without bodies")
            let found = try await subject.store.traced(again.id)
            try expectEqual(found?.id, again.id, "what is told of a call with bodies")
        },
        Check("no span is told to who does not ask for them") { subject in
            let heard = Heard(of: subject.store)
            _ = await subject.succeed(try await subject.start(), .sample())
            try expectEqual(heard.news.flatMap(\.spans), [], "what was told")
        },
    ]
}

/// Listens to a store from now on.
private final class Heard: Sendable {
    private let all = Mutex<[CommitNews]>([])

    init(of store: any Store, wantsSpans: Bool = false) {
        store.observe(wantsSpans: wantsSpans) { [self] news in all.withLock { $0.append(news) } }
    }

    var news: [CommitNews] { all.withLock { $0 } }

    /// How many jobs there are by what was told.
    var counts: [CountedJobs: Int] {
        news.reduce(into: [:]) { counts, news in
            if news.isWhole { counts = [:] }
            for (jobs, count) in news.counts { counts[jobs] = count == 0 ? nil : count }
        }
    }
}
