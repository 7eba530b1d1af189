import SluiceStore
import SluiceTypes

// How jobs are handed out.

extension ModelWorld {
    mutating func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        let group = request.group
        let due = dueJobs(group)
        let late = due.filter { jobs[$0]?.record.deadlineAt.map { $0 <= now } == true }
        let ready = due.filter { !late.contains($0) }
        let (claimed, nextRunAt, skipped, _, expired) = try await subject.claim(request)
        // A claim ends those of them that it meets on its way.
        for id in expired {
            try expect(late.contains(id), "job \(id) expired in a claim before its time")
            jobs[id]?.expire(at: now, keep: subject.retention.dead)
            try await compare(id)
        }
        try checkShares(claimed, ready, request)
        try checkNamed(claimed, ready, skipped, request)
        var places = request.starts + request.alternates + request.named.values.joined()
        for claim in claimed {
            try expect(ready.contains(claim.id), "job \(claim.id) was claimed and is not due in this group")
            guard let place = places.firstIndex(of: claim.start) else {
                throw ConformanceFailure("a place was used twice", #fileID, #line)
            }
            places.remove(at: place)
            if let own = request.named[claim.owner] {
                try expect(own.contains(claim.start), "a named owner got a place that is not for it")
            } else if !request.starts.contains(claim.start) {
                try expect(jobs[claim.id]?.failedRows.isEmpty == false, "a job that has not failed got an alternate")
            }
            jobs[claim.id]?.claim(claim.start, boot: request.boot)
            if let job = jobs[claim.id] { try check(claim, job, claim.start) }
            try await compare(claim.id)
        }
        let rest = jobs.values.filter {
            $0.record.state == .queued && $0.record.group == group && !skipped.contains($0.record.owner)
        }
        let next = rest.map(\.record.runAt).min()
        // Of several that are due already any will do: the caller asks again either way.
        let isDue = [nextRunAt, next].allSatisfy { $0.map { $0 <= now } == true }
        if !isDue { try expectEqual(nextRunAt, next, "nextRunAt") }
        return claimed
    }

    /// Due jobs of a group, first those that are due first.
    private func dueJobs(_ group: JobGroup) -> [JobID] {
        let due = arrivals.enumerated().compactMap { place, id -> (JobID, Timestamp, Int)? in
            guard let record = jobs[id]?.record, record.state == .queued, record.group == group, record.runAt <= now
            else { return nil }
            return (id, record.runAt, place)
        }
        return due.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    }

    /// How many were claimed, and whose.
    private func checkShares(_ all: [ClaimedJob], _ allDue: [JobID], _ request: ClaimRequest) throws {
        let claimed = all.filter { request.named[$0.owner] == nil }
        let due = allDue.filter { id in jobs[id].map { request.named[$0.record.owner] == nil } ?? false }
        try expect(claimed.count >= min(due.count, request.starts.count), "places stayed empty")
        guard request.alternates.isEmpty else { return }
        try expect(claimed.count <= request.starts.count, "there are more claims than places")
        let dueOf = Dictionary(grouping: due) { jobs[$0]?.record.owner }
        let claimedOf = Dictionary(grouping: claimed.map(\.id)) { jobs[$0]?.record.owner }
        for (owner, ids) in dueOf {
            let got = claimedOf[owner] ?? []
            try expectEqual(Set(got), Set(ids.prefix(got.count)), "the jobs of \(owner as Any) that were claimed")
            guard got.count < ids.count else { continue }
            let most = claimedOf.values.map(\.count).max() ?? 0
            try expect(most <= got.count + 1, "one owner got \(most) places while another waits with \(got.count)")
        }
    }

    /// What named owners got, and that it was said of whom nothing was left for.
    private func checkNamed(
        _ claimed: [ClaimedJob],
        _ due: [JobID],
        _ skipped: Set<OwnerID>,
        _ request: ClaimRequest
    ) throws {
        for (owner, starts) in request.named {
            let got = claimed.count { $0.owner == owner }
            let mine = due.count { jobs[$0]?.record.owner == owner }
            try expect(got <= starts.count, "\(owner) got \(got) places, and has \(starts.count)")
            try expectEqual(got, min(mine, starts.count), "the places of \(owner), who is named")
        }
        for owner in skipped {
            guard let starts = request.named[owner] else {
                throw ConformanceFailure("\(owner) was stepped over, and is not named", #fileID, #line)
            }
            try expectEqual(starts.count, claimed.count { $0.owner == owner }, "the places of \(owner)")
        }
    }

    func check(_ claim: ClaimedJob, _ job: ModelJob, _ start: AttemptStart) throws {
        try expectEqual(claim.epoch, job.record.epoch, "the claim's epoch")
        try expectEqual(claim.owner, job.record.owner, "the claim's owner")
        try expectEqual(claim.model, job.record.model, "the claim's model")
        try expectEqual(claim.failures, job.record.failures, "the claim's failures")
        try expectEqual(claim.interrupts, job.record.interrupts, "the claim's interrupts")
        try expectEqual(claim.attempt, job.record.attempts, "the claim's attempt")
        try expectEqual(claim.deferredSince, job.record.deferredSince, "the claim's deferredSince")
        try expectEqual(claim.deadlineAt, job.record.deadlineAt, "the claim's deadline")
        try expectEqual(claim.input, job.record.input, "the claim's input")
        try expectEqual(claim.start, start, "the claim's start")
        try expectEqual(claim.failedRows, job.failedRows, "the claim's failed rows")
    }
}
