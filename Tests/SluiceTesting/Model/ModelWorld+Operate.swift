import SluiceStore
import SluiceTypes

// What callers, operators and the keeper of the store do.

extension ModelWorld {
    @discardableResult
    mutating func cancel(_ id: JobID, owner: OwnerID? = nil) async throws -> Cancellation {
        let answer = try await subject.cancel(id, owner: owner, at: now)
        guard var job = jobs[id], sees(owner, job) else {
            try expectEqual(answer, .notFound, "the cancellation of a job that is not to be found")
            try await compare(id)
            return answer
        }
        if job.hasEnded {
            try expectEqual(answer, .ended(job.record.state), "the cancellation of an ended job")
        } else {
            try expectEqual(answer, .cancelled(wasRunning: job.isRunning), "the cancellation")
            job.cancel(at: now, keep: subject.retention.cancelled)
            jobs[id] = job
        }
        try await compare(id)
        return answer
    }

    @discardableResult
    mutating func rescue(boot: BootID, limit: Int = 100) async throws -> [Rescue] {
        let orphans = Set(jobs.values.filter { $0.isRunning && $0.boot != boot }.map(\.record.id))
        let rescued = try await subject.rescue(boot: boot, at: now, limit: limit)
        try await note(rescued, among: orphans, limit)
        return rescued
    }

    @discardableResult
    mutating func rescueOwnOrphans(boot: BootID, known: Set<JobID>, limit: Int = 100) async throws -> [Rescue] {
        let running = jobs.values.filter { $0.isRunning && $0.boot == boot }.map(\.record.id)
        let rescued = try await subject.rescueOwnOrphans(boot: boot, known: known, at: now, limit: limit)
        try await note(rescued, among: Set(running).subtracting(known), limit)
        return rescued
    }

    private mutating func note(_ rescued: [Rescue], among orphans: Set<JobID>, _ limit: Int) async throws {
        try expectEqual(rescued.count, min(limit, orphans.count), "I8: the number of jobs rescued")
        for rescue in rescued {
            try expect(orphans.contains(rescue.id), "I8: job \(rescue.id) was rescued and is no orphan")
            jobs[rescue.id]?.rescue(at: now, keep: subject.retention.dead)
            try expectEqual(rescue.state, jobs[rescue.id]?.record.state, "the state after the rescue")
            try expectEqual(rescue.errorClass, jobs[rescue.id]?.record.errorClass, "the error after the rescue")
            try expectEqual(rescue.group, jobs[rescue.id]?.record.group, "the group of the rescued job")
            try await compare(rescue.id)
        }
    }

    @discardableResult
    mutating func redrive(_ id: JobID, owner: OwnerID? = nil, model: String?) async throws -> Redrive {
        let answer = try await subject.redrive(id, owner: owner, model: model, at: now)
        guard var job = jobs[id], sees(owner, job) else {
            try expectEqual(answer, .notFound, "the redrive of a job that is not to be found")
            try await compare(id)
            return answer
        }
        if job.record.state != .dead {
            try expectEqual(answer, .notDead(job.record.state), "the redrive of a job that is not dead")
        } else if !job.hasBodies {
            try expectEqual(answer, .deleted, "the redrive of a job without bodies")
        } else if job.record.terms.keepsBodies != nil {
            try expectEqual(answer, .notKept, "the redrive of a job that is kept for a moment only")
        } else if let previous = job.record.ancestry?.previous, jobs[previous]?.isOffered != true {
            try expectEqual(answer, .noParent, "the redrive of a job that continues what is gone")
        } else if let heir = job.record.supersededBy {
            try expectEqual(answer, .superseded(by: heir), "the redrive of a job whose key was handed on")
        } else {
            job.redrive(model: model, at: now)
            try expectEqual(answer, .queued(job.record.group), "the redrive")
            jobs[id] = job
        }
        try await compare(id)
        return answer
    }

    mutating func expire(held: [JobGroup], dueBefore heldSince: Timestamp, limit: Int) async throws {
        let moment = now
        let due = jobs.values.filter { job in
            guard job.record.state == .queued else { return false }
            if let deadline = job.record.deadlineAt { return deadline <= moment }
            return held.contains(job.record.group) && job.record.createdAt < heldSince && job.record.runAt < heldSince
        }
        let ids = Set(due.map(\.record.id))
        let expired = try await subject.expire(at: now, held: held, dueBefore: heldSince, limit: limit)
        try expectEqual(expired.count, min(limit, due.count), "the number of jobs that expired")
        for id in expired {
            try expect(ids.contains(id), "job \(id) expired before its time")
            jobs[id]?.expire(at: now, keep: subject.retention.dead)
            try await compare(id)
        }
    }

    @discardableResult
    mutating func deleteBodies(
        _ id: JobID,
        owner: OwnerID? = nil,
        upstream kept: [KeptUpstream] = []
    ) async throws -> Deletion {
        let answer = try await subject.deleteBodies(id, owner: owner, at: now, upstream: kept)
        guard let job = jobs[id], sees(owner, job) else {
            try expectEqual(answer, .notFound, "the deletion of a job that is not to be found")
            try await compare(id)
            return answer
        }
        if job.hasEnded {
            let dead = arrivals.filter { jobs[$0]?.record.state == .queued && continues($0, id) }
            try expectEqual(answer, .deleted(dead: dead), "the deletion")
            jobs[id]?.deleteBodies()
            forgetKeys(of: id)
            owe(kept, to: job.record.owner)
            for id in dead {
                jobs[id]?.expire(as: .previousGone, at: now, keep: subject.retention.dead)
                try await compare(id)
            }
        } else {
            try expectEqual(answer, .active(job.record.state), "the deletion of a job that lives")
        }
        try await compare(id)
        return answer
    }

    mutating func forgetBodies(limit: Int) async throws {
        let moment = now
        let over = jobs.values.filter { $0.record.bodiesUntil.map { $0 <= moment } == true }.map(\.record.id)
        let count = try await subject.forgetBodies(at: now, limit: limit)
        try expectEqual(count, min(limit, over.count), "the number of jobs whose bodies went")
        var gone = 0
        for id in over where try await subject.record(id).input == nil {
            jobs[id]?.deleteBodies()
            forgetKeys(of: id)
            gone += 1
        }
        for id in over { try await compare(id) }
        try expectEqual(gone, count, "the number of jobs without bodies")
    }

    /// Whether a job continues another one, over however many steps.
    private func continues(_ job: JobID, _ other: JobID) -> Bool {
        guard let previous = jobs[job]?.record.ancestry?.previous else { return false }
        return previous == other || continues(previous, other)
    }

    /// Until when the jobs of each thread are kept of which one is to be kept.
    private func keptThreads() -> [JobID: Timestamp] {
        let retention = subject.retention
        let shortest = min(retention.succeeded, retention.dead, retention.cancelled)
        return Dictionary(grouping: jobs.values.map(\.record), by: \.thread).compactMapValues { thread in
            guard thread.count > 1 else { return nil }
            let lives = thread.contains { $0.expiresAt == nil }
            let ends = thread.compactMap(\.expiresAt) + (lives ? [now.adding(shortest)] : [])
            return ends.max().flatMap { $0 > now ? $0 : nil }
        }
    }

    mutating func purge(limit: Int = 100) async throws {
        let moment = now
        let old = jobs.values.filter { $0.record.expiresAt.map { $0 <= moment } == true }.map(\.record.id)
        let kept = keptThreads()
        let count = try await subject.purge(at: now, limit: limit)
        try expectEqual(count, min(limit, old.count), "the number of jobs purged or put off")
        while try await subject.store.forgetKeys(at: moment, limit: limit) > 0 {}
        retireKeys()
        var taken: Set<JobID> = []
        var putOff = 0
        for id in old {
            guard let thread = jobs[id]?.record.thread, let end = kept[thread] else {
                if try await subject.store.job(id, owner: nil) == nil { taken.insert(id) }
                continue
            }
            jobs[id]?.expiresAtMayBe = [end]
            try await compare(id)
            if jobs[id]?.record.expiresAt == end { putOff += 1 }
        }
        try expectEqual(taken.count + putOff, count, "the number of jobs that are gone, or put off")
        for id in taken { try await noteLines(of: id) }
        remove(taken)
        subject.note { $0.forget(taken) }
    }

    /// Every job that waits only because the clock went back.
    mutating func realign() async throws {
        let misplaced = jobs.values.filter { $0.isMisplaced(at: now) }.map(\.record.id)
        let count = try await subject.store.realign(at: now, limit: 10_000)
        try expectEqual(count, misplaced.count, "the number of jobs that were made due")
        for id in misplaced {
            jobs[id]?.realign(at: now)
            try await compare(id)
        }
    }

    /// A job without bodies is there for operators only.
    private func sees(_ owner: OwnerID?, _ job: ModelJob) -> Bool {
        owner == nil || owner == job.record.owner && job.hasBodies
    }
}
