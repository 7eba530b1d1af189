import SluiceStore
import SluiceTypes

extension StoreConformance {
    private static let brief = Duration.seconds(60)

    static let briefChecks = [
        Check("what a caller did not want stored goes after its time, however its job ended") { subject in
            var ids: [JobID] = []
            for ending in Ending.allCases {
                let id = try await subject.end(.brief(key: ending.rawValue), ending)
                let record = try await subject.record(id)
                // Each ended at second 2.
                try expectEqual(record.bodiesUntil, .at(62), "when what was asked goes, of one that \(ending)")
                try expect(record.input != nil, "what was asked is gone at once, of one that \(ending)")
                ids.append(id)
            }
            let kept = try await subject.succeeded(.sample(key: "kept"))
            try expectEqual(try await subject.record(kept).bodiesUntil, nil, "when what is kept goes")
            try expectEqual(try await subject.forgetBodies(at: .at(61.999)), 0, "how many go before")
            for size in [4, ids.count - 4, 0] {
                try expectEqual(try await subject.forgetBodies(at: .at(62), limit: 4), size, "how many go")
            }
            for (id, ending) in zip(ids, Ending.allCases) {
                let record = try await subject.record(id)
                try expectEqual(record.input, nil, "what was asked, of one that \(ending)")
                try expectEqual(record.result, nil, "what was answered, of one that \(ending)")
                try expectEqual(record.bodiesUntil, nil, "when it goes, once it is gone")
                try expect(try await subject.store.job(id, owner: .ada) == nil, "its owner still sees it")
                let log = try await subject.store.progress(id, owner: nil, withLog: true)?.log
                try expectEqual(log, nil, "the log of one that \(ending)")
                // Its key is free.
                try await subject.queue(.sample(at: 63, dueAt: .at(500), key: ending.rawValue, fingerprint: 2))
            }
            try expect(try await subject.record(kept).result != nil, "what was to be kept is gone")
        },
        Check("a job that has not ended keeps what was asked, whatever its time") { subject in
            let queued = try await subject.queue(.brief(model: "other"))
            let running = try await subject.start(.brief())
            try expectEqual(try await subject.forgetBodies(at: .at(9_000_000)), 0, "how many go")
            for id in [queued, running.id] {
                let record = try await subject.record(id)
                try expectEqual(record.bodiesUntil, nil, "when it goes")
                try expectEqual(record.terms.keepsBodies, brief, "for how long it is kept")
            }
            _ = await subject.release(running, at: .at(3))
            let claim = try await subject.claimOne(.sample(now: .at(4)))
            try expectEqual(claim.terms.keepsBodies, brief, "for how long a claim's are kept")
        },
        Check("a dead job whose caller did not want it stored is not redriven") { subject in
            let id = try await subject.dead(.brief())
            let before = try await subject.record(id)
            try expectEqual(try await subject.redrive(id, at: .at(5)), .notKept, "the redrive")
            try await subject.expectRecord(before) { _ in }
            _ = try await subject.forgetBodies(at: .at(62))
            try expectEqual(try await subject.redrive(id, at: .at(70)), .deleted, "the redrive once it is gone")
        },
        Check("what is deleted before its time is not looked for again, and what comes late is not kept") { subject in
            let claim = try await subject.start(.brief())
            _ = try await subject.cancel(claim.id, at: .at(2))
            try expectEqual(try await subject.deleteBodies(claim.id), .deleted(), "the deletion")
            try expectEqual(try await subject.record(claim.id).bodiesUntil, nil, "when it goes")
            try expectEqual(try await subject.forgetBodies(at: .at(62)), 0, "how many go")
            try expectEqual(await subject.succeed(claim, .sample(at: .at(63))), .stale, "a late answer")
            let progress = try await subject.store.progress(claim.id, owner: nil, withLog: true)
            try expectEqual(progress?.log, nil, "the log of a late answer")
        },
        Check("while the clock is behind what was noted the time is counted from that") { subject in
            try await subject.store.note(time: .at(5000))
            let id = try await subject.succeeded(.brief())
            try expectEqual(try await subject.record(id).bodiesUntil, .at(5060), "when it goes")
        },
    ]

    /// How a job can end.
    fileprivate enum Ending: String, CaseIterable, Sendable {
        case succeeded, died, wasCancelled, wasCancelledWaiting, wasInterrupted, waitedTooLong
    }
}

extension Subject {
    /// Lets a job end at second 2.
    fileprivate func end(_ job: NewJob, _ ending: StoreConformance.Ending) async throws -> JobID {
        switch ending {
        case .succeeded: return try await succeeded(job)
        case .died: return try await dead(job)
        case .wasCancelled:
            _ = try await start(job)
            _ = try await cancel(job.id, at: .at(2))
        case .wasCancelledWaiting:
            try await queue(job)
            _ = try await cancel(job.id, at: .at(2))
        case .wasInterrupted:
            var job = job
            job.facts.terms.onUnknown = .deadLetter
            _ = try await start(job)
            _ = try await rescue(boot: .second, at: .at(2))
        case .waitedTooLong:
            var job = job
            job.deadlineAt = .at(2)
            try await queue(job)
            _ = try await expire(at: .at(2))
        }
        return job.id
    }
}

extension NewJob {
    /// A job whose caller asked that it not be stored.
    fileprivate static func brief(model: String = "gpt", key: String? = nil) -> NewJob {
        var job = NewJob.sample(model: model, key: key)
        job.facts.terms.keepsBodies = .seconds(60)
        return job
    }
}
