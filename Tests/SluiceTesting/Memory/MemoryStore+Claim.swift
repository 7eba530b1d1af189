package import SluiceStore
import SluiceTypes

extension MemoryStore {
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimBatch {
        let (jobs, nextRunAt, skipped, closed, expired) = try run { (state) throws(StoreError) in
            let expired = state.expireDue(in: request)
            let (jobs, skipped, closed) = state.claim(request)
            let nextRunAt = state.queues[request.group]?.nextRunAt(besides: skipped.union(closed))
            return (jobs, nextRunAt, skipped, closed, expired)
        }
        return ClaimBatch(
            jobs,
            nextRunAt: nextRunAt,
            skipped: skipped,
            steppedOver: !closed.isEmpty,
            expired: expired
        )
    }
}

extension MemoryState {
    /// The jobs, the owners for whose jobs nothing was left, and those who may have none now.
    fileprivate mutating func claim(_ request: ClaimRequest) -> ([ClaimedJob], Set<OwnerID>, Set<OwnerID>) {
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
        let skipped = request.named.filter { $0.value.isEmpty && queue?.has($0.key) == true }.keys
        return (claimed, Set(skipped), request.closed.filter { queue?.has($0) == true })
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
            var picked: [Pick] = []
            for entry in queue.entries where entry.runAt <= request.now {
                if let pick = pick(entry, &request) { picked.append(pick) }
            }
            return picked
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
    private mutating func pick(_ entry: GroupQueue.Entry, _ request: inout ClaimRequest) -> Pick? {
        guard let job = jobs[entry.id] else { return nil }
        let account = job.ancestry.flatMap { jobs[$0.previous]?.ancestor?.account }
        let judgement = request.take(
            for: job.facts,
            epoch: job.epoch + 1,
            avoiding: job.history.failedRows,
            with: account
        )
        switch judgement {
        case .take(let start)?: return (entry, start)
        case .putOff(let moment)?:
            guard moment > request.now else { return nil }
            var job = job
            job.queue(at: moment)
            put(job)
            return nil
        case .wait?, nil: return nil
        }
    }
}

extension ClaimRequest {
    fileprivate var hasPlaces: Bool { !isFull || !alternates.isEmpty }
}
