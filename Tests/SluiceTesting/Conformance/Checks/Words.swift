import SluiceStore
import SluiceTypes

extension StoreConformance {
    /// What callers name in their calls, and what is left of that.
    static let wordChecks = [
        Check("tags and conversations stand in lines and tell sums apart") { subject in
            for (second, tag, session) in [(1, "a", "one"), (2, "a", nil), (3, "b", "one"), (4, nil, "two")]
                as [(Int64, String?, String?)]
            {
                try await subject.called(tag: tag, session: session, cost: second)
            }
            func costs(
                _ parts: Set<UsageQuery.Part>,
                tag: String? = nil,
                session: String? = nil
            ) async throws -> [Int64] {
                var query = UsageQuery(-1_000_000...1_000_000, by: parts)
                query.tag = tag
                query.session = session.map { subject.store.mark(of: $0, of: .ada) }
                return try await subject.store.usage(query).map(\.sums.cost).sorted()
            }
            try expectEqual(try await costs([.tag]), [3, 3, 4], "by tag")
            try expectEqual(try await costs([.session]), [2, 4, 4], "by conversation")
            try expectEqual(try await costs([.tag, .session]), [1, 2, 3, 4], "by both")
            try expectEqual(try await costs([], tag: "a"), [3], "of one tag")
            try expectEqual(try await costs([.model], tag: "b", session: "one"), [3], "of one tag and conversation")
            try expectEqual(try await costs([], session: "two"), [4], "of one conversation")
            try expectEqual(try await costs([], session: "three"), [], "of one that nobody named")
            var query = UsageQuery(-1_000_000...1_000_000, by: [])
            query.session = subject.store.mark(of: "one", of: .bob)
            try expectEqual(try await subject.store.usage(query), [], "of another owner's of that name")
            query = UsageQuery(-1_000_000...1_000_000, by: [.session])
            let sums = try await subject.store.usage(query).reduce(LedgerSums()) { $0 + $1.sums }
            query.parts = []
            try expectEqual(try await subject.store.usage(query).map(\.sums), [sums], "the sums of lines and of days")
        },
        Check("of tags only so many a day and owner are told apart") { subject in
            for number in 0..<202 { try await subject.called(tag: "tag-\(number)", cost: 1) }
            try await subject.called(tag: "tag-7", cost: 1)
            try await subject.called(.bob, tag: "tag-201", cost: 1)
            let tags = try await subject.store.usage(UsageQuery(-1_000_000...1_000_000, by: [.owner, .tag]))
            try expectEqual(tags.count, 202, "how many are told apart")
            let others = tags.filter { $0.tag == UsageTag.others }
            try expectEqual(others.map(\.owner), [.ada], "who has named too many")
            try expectEqual(others.map(\.sums.priced), [2], "how many calls had one too many")
            try expectEqual(tags.first { $0.tag == "tag-7" }?.sums.priced, 2, "how many calls had one of the others")
        },
        Check(
            "of models without a price of their own only so many a day and owner are told apart"
        ) {
            subject in
            for number in 0..<101 {
                try await subject.called(model: "m-\(number)", unpriced: "model")
                // Rows that are free, or have a price for all there are, take any name.
                try await subject.called(model: "any-\(number)", cost: 1, price: number < 50 ? .free : .row)
            }
            for number in 0..<202 { try await subject.called(model: "known-\(number)", cost: 3, price: .table) }
            let models = try await subject.store.usage(UsageQuery(-1_000_000...1_000_000, by: [.model]))
            try expectEqual(models.count { $0.model?.hasPrefix("known-") == true }, 202, "the models with a price")
            try expectEqual(models.count { $0.model?.hasPrefix("known-") == false }, 201, "the others")
            let others = models.first { $0.model == UsageTag.others }
            try expectEqual([others?.sums.unpriced, others?.sums.cost], [1, 1], "those that are too many")
        },
        Check("a deletion takes conversation and words out of lines, and names of models that nobody knows") {
            subject in
            let known = try await subject.called(session: "one", model: "gpt", served: "gpt-9", cost: 3)
            let secret = try await subject.called(
                session: "one",
                model: "secret",
                served: "hidden",
                unpriced: "tier a=b"
            )
            let other = try await subject.called(session: "one", model: "else", cost: 5)
            for id in [known, secret] {
                _ = try await subject.deleteBodies(id, strangers: ["secret", "hidden"])
            }
            func line(_ id: JobID) async throws -> LedgerLine? {
                let lines = try await subject.store.lines(of: id)
                return lines.first
            }
            try expectEqual(try await line(known)?.key.session, nil, "the conversation")
            try expectEqual(try await line(known)?.key.model, "gpt", "the model that is known")
            try expectEqual(try await line(known)?.entry.served, "gpt-9", "who answered")
            try expectEqual(try await line(secret)?.key.model, UsageTag.others, "the model that is not")
            try expectEqual(try await line(secret)?.entry.served, nil, "who answered then")
            try expectEqual(
                try await line(secret)?.entry.cost,
                .unpriced(reason: "tier", low: 2),
                "why it has no price"
            )
            let session = try await line(other)?.key.session
            try expect(session != nil, "the conversation of another call")
            let models = try await subject.store.usage(UsageQuery(-1_000_000...1_000_000, by: [.model]))
            try expectEqual(Set(models.map(\.model)), ["gpt", "else", UsageTag.others], "the models of sums")
            try expectEqual(try await subject.record(other).terms.session, "one", "what the other job keeps")
        },
        Check("what a line said before it was priced anew brings no words back, and lost terms no price") { subject in
            let id = try await subject.called(unpriced: "tier a=b", terms: ["a": "b"])
            let kept = try await subject.called(unpriced: "tier a=b", terms: ["a": "b"])
            let query = RepricingQuery(since: .at(0), until: .at(100), takesAll: true)
            let run = try await subject.store.beginRun(.reprice(query), at: .at(50), audit: .sample)
            let line = try await subject.store.lines(of: id).first
            let before = line?.entry.pricing ?? LedgerPricing(cost: .priced(0), price: nil, counted: 0)
            let after = LedgerPricing(cost: .priced(7), price: LedgerPrice(.set), counted: 7)
            let change = LedgerChange(job: id, epoch: 1, before: before, after: after)
            try expectEqual(try await subject.store.change([change], in: run.id).made, [change], "what was changed")
            _ = try await subject.deleteBodies(id)
            let changed = try await subject.store.changes(of: run.id, after: nil, limit: 9)
            try expectEqual(changed.map(\.before.cost), [.unpriced(reason: "tier", low: 2)], "what it said before")
            _ = try await subject.deleteBodies(kept)
            let entry = try await subject.store.lines(of: kept).first?.entry
            try expectEqual(entry?.terms, [:], "the terms")
            try expectEqual(entry?.parts, LedgerEntry.tooManyParts, "what keeps it from being priced anew")
        },
        Check("a model called like an account takes nothing from it") { subject in
            try await subject.setLimits(.budget(1000, .ever), of: .owner(.bob))
            let id = try await subject.called(model: "bob", unpriced: "model")
            _ = try await subject.deleteBodies(id, strangers: ["bob"])
            _ = try await subject.called(model: "new", cost: 3)
            try await subject.called(.bob, cost: 5)
            let spent = try await subject.store.spend().filter { $0.account == "bob" }.map(\.counted)
            try expectEqual(spent, [5], "what Bob has spent")
        },
        Check("what is told after a deletion brings no words back") { subject in
            let job = NewJob.sample()
            guard case .started(let claim) = try await subject.submitRunning(job) else {
                throw ConformanceFailure("a new job was not started", #fileID, #line)
            }
            _ = try await subject.cancel(claim.id, at: .at(2))
            _ = try await subject.deleteBodies(claim.id)
            var answer = Success.sample(at: .at(3))
            answer.report.entry?.served = "hidden"
            answer.report.entry?.cost = .unpriced(reason: "tier a=b", low: 2)
            answer.report.entry?.terms = ["a": "b"]
            _ = await subject.succeed(claim, answer)
            let entry = try await subject.store.lines(of: claim.id).first?.entry
            try expectEqual(entry?.served, nil, "who answered")
            try expectEqual(entry?.terms, [:], "its terms")
            try expectEqual(entry?.cost, .unpriced(reason: "tier", low: 2), "why it has no price")
        },
    ]
}

extension Subject {
    /// A call that was answered.
    @discardableResult
    fileprivate func called(
        _ owner: OwnerID = .ada,
        tag: String? = nil,
        session: String? = nil,
        model: String = "gpt",
        served: String? = nil,
        cost: Int64 = 2,
        unpriced: String? = nil,
        price: LedgerPrice.Origin? = nil,
        terms: [String: String] = [:]
    ) async throws -> JobID {
        var job = NewJob.sample(owner)
        job.facts.terms.tag = tag
        job.facts.terms.session = session
        var start = AttemptStart.sample()
        start.model = model
        guard case .started(let claim) = try await submitRunning(job, start: start) else {
            throw ConformanceFailure("a new job was not started", #fileID, #line)
        }
        var answer = Success.sample()
        answer.report.entry?.cost = unpriced.map { .unpriced(reason: $0, low: cost) } ?? .priced(cost)
        answer.report.entry?.price = price.map { LedgerPrice($0) }
        answer.report.entry?.counted = cost
        answer.report.entry?.served = served
        answer.report.entry?.terms = terms
        _ = await succeed(claim, answer)
        return claim.id
    }
}

extension AuditEntry {
    fileprivate static let sample = AuditEntry(
        at: .at(50),
        actor: "operator",
        action: "price.reprice",
        subject: "",
        result: "begun"
    )
}
