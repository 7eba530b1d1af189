import SluiceStore
import SluiceTypes

// What callers, operators and the keeper of the store do.

extension ModelWalk {
    mutating func cancel() async throws {
        guard let id = pickJob(), var job = jobs[id] else { return }
        let owner = pick(ModelWalk.owners + [nil]) ?? nil
        // Whether an owner finds a job without bodies here is the store's choice.
        guard job.hasBodies || owner == nil else { return }
        let answer = try await subject.cancel(id, owner: owner, at: now)
        if owner != nil, owner != job.record.owner {
            try expectEqual(answer, .notFound, "a stranger's cancellation")
        } else if job.hasEnded {
            try expectEqual(answer, .ended(job.record.state), "the cancellation of an ended job")
        } else {
            try expectEqual(answer, .cancelled(wasRunning: job.isRunning), "the cancellation")
            job.cancel(at: now, keep: subject.retention.cancelled)
            jobs[id] = job
        }
        try await compare(id)
    }

    mutating func rescue() async throws {
        let orphans = Set(jobs.values.filter { $0.isRunning && $0.boot != boot }.map(\.record.id))
        let limit = Int.random(in: 1...6, using: &random)
        let rescued = try await subject.rescue(boot: boot, at: now, limit: limit)
        try expectEqual(rescued.count, min(limit, orphans.count), "the number of jobs rescued")
        for rescue in rescued {
            try expect(orphans.contains(rescue.id), "job \(rescue.id) was rescued and is no orphan")
            jobs[rescue.id]?.rescue(at: now, keep: subject.retention.dead)
            try expectEqual(rescue.state, jobs[rescue.id]?.record.state, "the state after the rescue")
            try expectEqual(rescue.errorClass, jobs[rescue.id]?.record.errorClass, "the error after the rescue")
            try expectEqual(rescue.group, jobs[rescue.id]?.record.group, "the group of the rescued job")
            try await compare(rescue.id)
        }
    }

    mutating func redrive() async throws {
        let ended = arrivals.filter { jobs[$0]?.hasEnded == true }
        let dead = ended.filter { jobs[$0]?.record.state == .dead }
        let id = random.chance(70) ? pick(dead) : random.chance(70) ? pick(ended) : pickJob()
        guard let id, var job = jobs[id] else { return }
        let model = random.chance(40) ? pick(ModelWalk.models) : nil
        let answer = try await subject.redrive(id, model: model, at: now)
        if job.record.state != .dead {
            if job.hasBodies { try expectEqual(answer, .notDead(job.record.state), "the redrive of a job that lives") }
        } else if !job.hasBodies {
            try expectEqual(answer, .deleted, "the redrive of a job without bodies")
        } else {
            job.redrive(model: model, at: now)
            try expectEqual(answer, .queued(job.record.group), "the redrive")
            jobs[id] = job
        }
        try await compare(id)
    }

    mutating func expire() async throws {
        let group = JobGroup(lane: .bulk, operation: .chat, model: pick(ModelWalk.models) ?? "gpt")
        let held = random.chance(50) ? [group] : []
        let heldSince = now.adding(.seconds(-600))
        let due = jobs.values.filter { job in
            guard job.record.state == .queued else { return false }
            if let deadline = job.record.deadlineAt { return deadline <= now }
            return held.contains(job.record.group) && job.record.createdAt < heldSince && job.record.runAt < heldSince
        }
        let limit = Int.random(in: 1...9, using: &random)
        let expired = try await subject.expire(at: now, held: held, dueBefore: heldSince, limit: limit)
        try expectEqual(expired.count, min(limit, due.count), "the number of jobs that expired")
        for id in expired {
            try expect(due.contains { $0.record.id == id }, "job \(id) expired before its time")
            jobs[id]?.expire(at: now, keep: subject.retention.dead)
            try await compare(id)
        }
    }

    mutating func deleteBodies() async throws {
        guard let id = pickJob(), let job = jobs[id], job.hasBodies else { return }
        let owner = random.chance(50) ? job.record.owner : nil
        let answer = try await subject.deleteBodies(id, owner: owner)
        if job.hasEnded {
            try expectEqual(answer, .deleted, "the deletion")
            jobs[id]?.deleteBodies()
            keys = keys.filter { $0.value.job != id }
        } else {
            try expectEqual(answer, .active(job.record.state), "the deletion of a job that lives")
        }
        try await compare(id)
    }

    mutating func purge() async throws {
        let moment = now
        let old = jobs.values.filter { $0.record.expiresAt.map { $0 <= moment } == true }.map(\.record.id)
        let limit = random.chance(50) ? 3 : 100
        let count = try await subject.purge(at: now, limit: limit)
        try expectEqual(count, min(limit, old.count), "the number of jobs purged")
        while try await subject.store.forgetKeys(at: now, limit: limit) > 0 {}
        for name in keys.filter({ $0.value.expiresAt <= moment }).keys {
            keys[name] = nil
            retired.insert(name)
        }
        var gone = 0
        for id in old where try await subject.store.job(id, owner: nil) == nil {
            gone += 1
            jobs[id] = nil
            keys = keys.filter { $0.value.job != id }
        }
        try expectEqual(gone, count, "the number of jobs that are gone")
    }
}
