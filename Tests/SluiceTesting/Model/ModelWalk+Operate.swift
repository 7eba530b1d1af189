import SluiceStore
import SluiceTypes

// What callers, operators and the keeper of the store do.

extension ModelWalk {
    /// Somebody with a name, or an operator.
    private mutating func anybody() -> OwnerID? {
        pick(ModelWorld.owners + [nil]) ?? nil
    }

    mutating func cancel() async throws {
        guard let id = pickJob() else { return }
        try await world.cancel(id, owner: anybody())
    }

    mutating func redrive() async throws {
        let ended = world.arrivals.filter { world.jobs[$0]?.hasEnded == true }
        let dead = ended.filter { world.jobs[$0]?.record.state == .dead }
        let id = random.chance(70) ? pick(dead) : random.chance(70) ? pick(ended) : pickJob()
        guard let id else { return }
        let model = random.chance(40) ? pick(ModelWalk.models) : nil
        try await world.redrive(id, owner: random.chance(20) ? anybody() : nil, model: model)
    }

    mutating func expire() async throws {
        let group = JobGroup(lane: .bulk, operation: .chat, route: pick(ModelWalk.models) ?? "gpt")
        try await world.expire(
            held: random.chance(50) ? [group] : [],
            dueBefore: world.now.adding(.seconds(-600)),
            limit: Int.random(in: 1...9, using: &random)
        )
    }

    mutating func deleteBodies() async throws {
        // What a waiting job continues, more often than by chance.
        let continued = world.jobs.values.filter { $0.record.state == .queued }.compactMap(\.record.ancestry?.previous)
        let chosen = random.chance(30) ? pick(continued.sorted()) : nil
        guard let id = chosen ?? pickJob() else { return }
        let names =
            random.chance(50) ? (0..<Int.random(in: 1...2, using: &random)).map { _ in "resp_\(random.next())" } : []
        let kept = names.map { KeptUpstream(row: pick(ModelWalk.rows) ?? "alpha", account: nil, upstreamID: $0) }
        try await world.deleteBodies(id, owner: anybody(), upstream: kept)
    }

    /// What providers are to delete is asked of them: it is done, or put off, or nobody tells what came of it.
    mutating func workUpstream() async throws {
        let due = try await world.claimUpstream(dueAgainAt: later(300), limit: Int.random(in: 1...6, using: &random))
        for deletion in due {
            if random.chance(40) {
                try await world.finishUpstream(deletion)
            } else if random.chance(50) {
                try await world.putOffUpstream(deletion, until: later(3000))
            }
        }
    }
}
