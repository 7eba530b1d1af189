import SluiceStore
import SluiceTypes

// What workers do: submissions, claims and settlements.

extension ModelWalk {
    mutating func submit() async throws {
        let (job, fingerprint) = newJob()
        let expected = arrival(of: job, fingerprint)
        try expectEqual(try await subject.submit(job), expected, "the submission")
        if case .created = expected { keep(ModelJob(job), job, fingerprint) }
        try await compare(job.id)
    }

    mutating func submitRunning() async throws {
        let (job, fingerprint) = newJob()
        let row = pick(ModelWalk.rows) ?? "alpha"
        let expected = arrival(of: job, fingerprint)
        switch try await subject.submitRunning(job, row: row, boot: boot) {
        case .started(let claim):
            try expectEqual(.created(job.id), expected, "the submission")
            var started = ModelJob(job)
            started.claim(.sample(row, at: job.createdAt), boot: boot)
            keep(started, job, fingerprint)
            try check(claim, started, .sample(row, at: job.createdAt))
            held.append(Held(claim: claim))
        case .replayed(let id): try expectEqual(.replayed(id), expected, "the submission")
        case .keyReused: try expectEqual(.keyReused, expected, "the submission")
        }
        try await compare(job.id)
    }

    private mutating func newJob() -> (NewJob, fingerprint: UInt8) {
        let owner = pick(ModelWalk.owners) ?? .ada
        let fingerprint = UInt8.random(in: 1...2, using: &random)
        var job = NewJob.sample(
            owner,
            model: pick(ModelWalk.models) ?? "gpt",
            lane: pick(Lane.allCases) ?? .bulk,
            onUnknown: random.chance(70) ? .retry : .deadLetter,
            dueAt: random.chance(70) ? now : later(120),
            deadlineAt: random.chance(20) ? later(900) : nil,
            key: key(of: owner),
            fingerprint: fingerprint
        )
        job.id = .generate(at: now, using: &random)
        job.createdAt = now
        return (job, fingerprint)
    }

    private mutating func key(of owner: OwnerID) -> String? {
        guard random.chance(40) else { return nil }
        // The window of names moves on, so that keys come back while they live and new ones join them.
        let key = "key \(arrivals.count / 8 + Int.random(in: 0..<6, using: &random))"
        let name = KeyName(owner: owner, key: key)
        if let known = keys[name], known.expiresAt <= now { retired.insert(name) }
        return retired.contains(name) ? nil : key
    }

    private func arrival(of job: NewJob, _ fingerprint: UInt8) -> Submission {
        guard let key = job.idempotencyKey, let known = keys[KeyName(owner: job.owner, key: key)] else {
            return .created(job.id)
        }
        return known.fingerprint == fingerprint ? .replayed(known.job) : .keyReused
    }

    private mutating func keep(_ model: ModelJob, _ job: NewJob, _ fingerprint: UInt8) {
        jobs[job.id] = model
        arrivals.append(job.id)
        guard let key = job.idempotencyKey else { return }
        let end = job.createdAt.adding(subject.retention.idempotencyKeys)
        keys[KeyName(owner: job.owner, key: key)] = KnownKey(fingerprint: fingerprint, job: job.id, expiresAt: end)
    }
}

extension ModelWalk {
    mutating func claim() async throws {
        let group = JobGroup(
            lane: pick(Lane.allCases) ?? .bulk,
            operation: .chat,
            model: pick(ModelWalk.models) ?? "gpt"
        )
        let rows = (0..<Int.random(in: 0...4, using: &random)).compactMap { _ in pick(ModelWalk.rows) }
        let alternates = random.chance(30) ? ["delta", "beta"] : []
        let request = ClaimRequest.sample(group, now: now, boot: boot, rows: rows, alternates: alternates)
        let late = dueJobs(group).filter { jobs[$0]?.record.deadlineAt.map { $0 <= now } == true }
        let due = dueJobs(group).filter { !late.contains($0) }
        let (claimed, nextRunAt, expired) = try await subject.claim(request)
        // A claim ends those of them that it meets on its way.
        for id in expired {
            try expect(late.contains(id), "job \(id) expired in a claim before its time")
            jobs[id]?.expire(at: now, keep: subject.retention.dead)
            try await compare(id)
        }
        try checkShares(claimed, due, request)
        var places = request.starts + request.alternates
        for claim in claimed {
            try expect(due.contains(claim.id), "job \(claim.id) was claimed and is not due in this group")
            guard let place = places.firstIndex(of: claim.start) else {
                throw ConformanceFailure("a place was used twice", #fileID, #line)
            }
            places.remove(at: place)
            if !request.starts.contains(claim.start) {
                try expect(jobs[claim.id]?.failedRows.isEmpty == false, "a job that has not failed got an alternate")
            }
            jobs[claim.id]?.claim(claim.start, boot: boot)
            if let job = jobs[claim.id] { try check(claim, job, claim.start) }
            held.append(Held(claim: claim))
            try await compare(claim.id)
        }
        let next = jobs.values.lazy.filter { $0.record.state == .queued && $0.record.group == group }.map(
            \.record.runAt
        )
        // Of several that are due already any will do: the caller asks again either way.
        let isDue = [nextRunAt, next.min()].allSatisfy { $0.map { $0 <= now } == true }
        if !isDue { try expectEqual(nextRunAt, next.min(), "nextRunAt") }
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
    private func checkShares(_ claimed: [ClaimedJob], _ due: [JobID], _ request: ClaimRequest) throws {
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

    private func check(_ claim: ClaimedJob, _ job: ModelJob, _ start: AttemptStart) throws {
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
