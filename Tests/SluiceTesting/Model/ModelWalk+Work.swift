import SluiceStore
import SluiceTypes

// What workers do: submissions, claims and settlements.

extension ModelWalk {
    mutating func submitRunning() async throws {
        let job = newJob()
        let row = pick(ModelWalk.rows) ?? "alpha"
        if let claim = try await world.submitRunning(job, row: row, boot: boot) { held.append(Held(claim: claim)) }
    }

    mutating func newJob() -> NewJob {
        let now = world.now
        let owner = pick(ModelWorld.owners) ?? .ada
        var job = NewJob.sample(
            owner,
            model: pick(ModelWalk.models) ?? "gpt",
            lane: pick(Lane.allCases) ?? .bulk,
            onUnknown: random.chance(70) ? .retry : .deadLetter,
            dueAt: random.chance(70) ? now : later(120),
            deadlineAt: random.chance(20) ? later(900) : nil,
            key: key(of: owner),
            fingerprint: UInt8.random(in: 1...2, using: &random)
        )
        job.facts.id = .generate(at: now, using: &random)
        job.facts.createdAt = now
        job.facts.terms.keepsBodies = random.chance(10) ? .seconds(Int.random(in: 0...100, using: &random)) : nil
        job.facts.ancestry = ancestry(of: job)
        return job
    }

    /// Now and then a job continues another: mostly one that can be continued, its own owner's.
    private mutating func ancestry(of job: NewJob) -> Ancestry? {
        guard random.chance(30) else { return nil }
        guard random.chance(85) else {
            guard let id = pickJob() else { return nil }
            return world.jobs[id].map { Ancestry(continuing: $0.record) }
                ?? Ancestry(previous: id, thread: id, depth: 1)
        }
        let offered = world.arrivals.suffix(200).filter { id in
            world.jobs[id].map { $0.isOffered && $0.record.owner == job.owner } == true
        }
        return pick(offered).flatMap { world.jobs[$0] }.map { Ancestry(continuing: $0.record) }
    }

    private mutating func key(of owner: OwnerID) -> String? {
        guard random.chance(40) else { return nil }
        // Few enough that they come back while they live, and after their end.
        let key = "key \(Int.random(in: 0..<40, using: &random))"
        return world.isCertain(.init(owner: owner, key: key)) ? key : nil
    }

    mutating func claim() async throws {
        let group = JobGroup(
            lane: pick(Lane.allCases) ?? .bulk,
            operation: .chat,
            route: pick(ModelWalk.models) ?? "gpt"
        )
        let rows = (0..<Int.random(in: 0...4, using: &random)).compactMap { _ in pick(ModelWalk.rows) }
        let alternates = random.chance(30) ? ["delta", "beta"] : []
        var request = ClaimRequest.sample(group, now: world.now, boot: boot, rows: rows, alternates: alternates)
        if random.chance(30), let owner = pick(ModelWorld.owners) {
            let count = Int.random(in: 0...2, using: &random)
            request.named[owner] = Array(repeating: .sample("named", at: world.now), count: count)
        }
        for claim in try await world.claim(request) { held.append(Held(claim: claim)) }
    }

    mutating func settle() async throws {
        // Zombies come up more often than by chance: they are what the fence is for.
        let zombies = held.indices.filter { held[$0].done == nil && !world.isCurrent(held[$0].claim) }
        let chosen = random.chance(15) ? pick(zombies) : nil
        guard let place = chosen ?? held.indices.randomElement(using: &random) else { return }
        held.swapAt(place, held.count - 1)
        let worker = held.removeLast()
        if let (ending, answer) = worker.done {
            return try await world.settleAgain(worker.claim, ending, answered: answer)
        }
        let ending = chooseEnding()
        if case .retryNow(let setback, let start) = ending {
            let next = try await world.retryNow(worker.claim, after: setback, start)
            if let next { held.append(Held(claim: next)) }
        } else {
            let answer = try await world.settle(worker.claim, ending)
            if random.chance(15) { held.append(Held(claim: worker.claim, done: (ending, answer))) }
        }
    }

    private mutating func chooseEnding() -> Ending {
        let now = world.now
        let start = AttemptStart.sample(pick(ModelWalk.rows) ?? "alpha", at: now)
        return switch Int.random(in: 0..<100, using: &random) {
        case ..<30: .succeed(.sample(at: now, text: "text \(random.next() % 1000)"))
        case ..<60: .fail(failure(retryAt: random.chance(75) ? later(60) : nil))
        case ..<75: .retryNow(setback(), start)
        case ..<85: .release(now)
        default: .defer(.sample(at: now, .rateLimit), until: later(200))
        }
    }

    private mutating func setback() -> Setback {
        let failed: Setback = .sample(at: world.now, pick([.server, .network]) ?? .server)
        return random.chance(30) ? .sample(at: world.now, .rateLimit, isDeferral: random.chance(70)) : failed
    }

    private mutating func failure(retryAt: Timestamp?) -> Failure {
        .sample(
            at: world.now,
            pick([.server, .timeout, .network, .rateLimit, nil]) ?? nil,
            unknown: random.chance(30),
            counts: random.chance(60),
            retryAt: retryAt
        )
    }
}
