package import SluiceStore
import SluiceTypes

extension MemoryStore {
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimBatch {
        let (jobs, nextRunAt, skipped, expired) = try run { (state) throws(StoreError) in
            let expired = state.expireDue(in: request)
            let (jobs, skipped) = state.claim(request)
            return (jobs, state.queues[request.group]?.nextRunAt(besides: skipped), skipped, expired)
        }
        return ClaimBatch(jobs, nextRunAt: nextRunAt, skipped: skipped, expired: expired)
    }
}

extension MemoryState {
    /// The jobs, and the owners for whose jobs nothing was left.
    fileprivate mutating func claim(_ request: ClaimRequest) -> ([ClaimedJob], Set<OwnerID>) {
        var request = request
        // The batch goes out in the order in which the jobs were due, whoever's turn it was.
        let picked = pick(&request).sorted { $0.entry < $1.entry }
        let claimed = picked.compactMap { entry, start -> ClaimedJob? in
            guard var job = jobs[entry.id] else { return nil }
            job.begin(start, boot: request.boot)
            let claimed = job.claimed(start)
            if fault == .claimsTwice { job.queue(at: job.runAt) }
            put(job)
            return claimed
        }
        let queue = queues[request.group]
        return (claimed, Set(request.named.keys.filter { request.isClosed(to: $0) && queue?.has($0) == true }))
    }

    /// Ends the group's due jobs that are past their deadline.
    fileprivate mutating func expireDue(in request: ClaimRequest) -> [JobID] {
        let late = jobs { job in
            guard job.state == .queued, job.group == request.group, job.runAt <= request.now else { return false }
            return Patience.isOverdue(deadlineAt: job.deadlineAt, at: request.deadlinesAt)
        }
        return late.map { expire($0, at: request.now) }
    }

    private typealias Pick = (entry: GroupQueue.Entry, start: AttemptStart)

    /// Who gets which place: one job of each owner in turn, until the places or the due jobs are at their end.
    private mutating func pick(_ request: inout ClaimRequest) -> [Pick] {
        queues[request.group]?.arrange(at: fault == .claimsEarly ? Timestamp(milliseconds: .max) : request.now)
        guard let queue = queues[request.group] else { return [] }
        if fault == .ownersTakeNoTurns {
            return queue.entries.filter { $0.runAt <= request.now }.compactMap { pick($0, &request) }
        }
        var picked: [Pick] = []
        var round = queue.line
        var place = 0
        while !round.isEmpty {
            for owner in round where request.hasPlaces {
                guard let entry = queue.entry(of: owner, place), isDue(entry, request.now),
                    let pick = pick(entry, &request)
                else { continue }
                picked.append(pick)
                queues[request.group]?.stepBehind(owner)
            }
            place += 1
            round = round.filter {
                request.hasPlaces && queue.entry(of: $0, place).map { isDue($0, request.now) } == true
            }
        }
        return picked
    }

    private func isDue(_ entry: GroupQueue.Entry, _ now: Timestamp) -> Bool {
        entry.runAt <= now || fault == .claimsEarly
    }

    /// Nil for a job that has not failed, where only alternates are left: a job behind it may still take one.
    private func pick(_ entry: GroupQueue.Entry, _ request: inout ClaimRequest) -> Pick? {
        guard let job = jobs[entry.id] else { return nil }
        let account = job.ancestry.flatMap { jobs[$0.previous]?.ancestor?.account }
        let start = request.takeStart(for: job.owner, avoiding: job.history.failedRows, with: account)
        guard let start else { return nil }
        return (entry, start)
    }
}

extension ClaimRequest {
    fileprivate var hasPlaces: Bool { !isFull || !alternates.isEmpty }
}
