import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let progressChecks = [
        Check("progress tells the state and the newest attempt, and no log while that one runs") { subject in
            let id = try await subject.queue()
            try await subject.expectProgress(id, JobProgress(state: .queued, attempt: nil, log: nil))
            let claim = try await subject.claimOne()
            let open = AttemptRecord(epoch: claim.epoch, start: claim.start, outcome: nil, report: nil)
            try await subject.expectProgress(id, JobProgress(state: .running, attempt: open, log: nil))
        },
        Check("progress has a success's log with its end") { subject in
            let claim = try await subject.start()
            _ = await subject.succeed(claim, .sample())
            let closed = AttemptRecord(epoch: 1, start: claim.start, outcome: .ok, report: .sample())
            let log = StoredLog(bytes: Success.sample().output.log, isComplete: true)
            try await subject.expectProgress(claim.id, JobProgress(state: .succeeded, attempt: closed, log: log))
        },
        Check("progress has what a failed attempt left until the next begins, and then what that one left") { subject in
            let id = try await subject.queue()
            let first = try await subject.claimOne()
            _ = await subject.fail(first, .sample())
            let failed = first.record.closed(.failed, Failure.sample().report)
            let cut = StoredLog(bytes: [1, 2], isComplete: false)
            try await subject.expectProgress(id, JobProgress(state: .queued, attempt: failed, log: cut))
            let second = try await subject.claimOne(.sample(now: .at(10)))
            try await subject.expectProgress(id, JobProgress(state: .running, attempt: second.record, log: nil))
            guard
                case .renewed(let third) = await subject.retryNow(
                    second,
                    after: .sample(at: .at(11), .invalidModel),
                    .sample("beta", at: .at(11))
                )
            else { throw ConformanceFailure("the claim was not renewed", #fileID, #line) }
            try await subject.expectProgress(id, JobProgress(state: .running, attempt: third.record, log: nil))
            _ = await subject.fail(third, Failure(report: .sample(at: .at(12), .timeout), counts: true, retryAt: nil))
            let last = third.record.closed(.failed, .sample(at: .at(12), .timeout))
            try await subject.expectProgress(id, JobProgress(state: .dead, attempt: last, log: nil))
        },
        Check("progress has a cancelled attempt's log once its worker has brought it") { subject in
            let claim = try await subject.start()
            _ = try await subject.cancel(claim.id, at: .at(2))
            let cancelled = try await subject.progress(claim.id)
            try expectEqual(cancelled.state, .cancelled, "the state")
            try expectEqual(cancelled.attempt?.outcome, .cancelled, "the outcome")
            try expectEqual(cancelled.log, nil, "the log")
            _ = await subject.fail(claim, .sample(at: .at(3), .cancelled))
            let log = StoredLog(bytes: [1, 2], isComplete: false)
            try expectEqual(try await subject.progress(claim.id).log, log, "the log")
        },
        Check("progress without the log is the same but for it") { subject in
            let id = try await subject.succeeded()
            let whole = try await subject.progress(id)
            let bare = try await subject.store.progress(id, owner: .ada, withLog: false)
            try expectEqual(bare, JobProgress(state: whole.state, attempt: whole.attempt, log: nil), "the progress")
        },
        Check("progress is found where the job is") { subject in
            let id = try await subject.succeeded(.sample(.ada))
            for withLog in [true, false] {
                let found = try await subject.store.progress(id, owner: .bob, withLog: withLog)
                try expectEqual(found, nil, "what Bob reads of Ada's job")
                let missing = try await subject.store.progress(NewJob.sample().id, owner: nil, withLog: withLog)
                try expectEqual(missing, nil, "the progress of a job that is not there")
            }
            _ = try await subject.deleteBodies(id, owner: .ada)
            let deleted = try await subject.store.progress(id, owner: .ada, withLog: true)
            try expectEqual(deleted, nil, "what its owner reads of a job that was deleted")
            let kept = try await subject.progress(id)
            try expectEqual(kept.attempt?.outcome, .ok, "the outcome that an operator reads")
            try expectEqual(kept.log, nil, "the log of a job that was deleted")
        },
    ]
}

extension Subject {
    /// The job's progress, with its log, as an operator sees it.
    fileprivate func progress(_ id: JobID) async throws -> JobProgress {
        guard let progress = try await store.progress(id, owner: nil, withLog: true) else {
            throw ConformanceFailure("the progress of job \(id) is not found", #fileID, #line)
        }
        return progress
    }

    /// Holds the progress that Ada and an operator read to exactly this.
    fileprivate func expectProgress(_ id: JobID, _ expected: JobProgress, line: Int = #line) async throws {
        for owner in [OwnerID.ada, nil] {
            let found = try await store.progress(id, owner: owner, withLog: true)
            try expectEqual(found, expected, "the progress", line: line)
        }
    }
}

extension ClaimedJob {
    /// Its attempt, as long as it runs.
    fileprivate var record: AttemptRecord { AttemptRecord(epoch: epoch, start: start, outcome: nil, report: nil) }
}
