import GRDB
import SluiceStore
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceSQLite

@Suite("Committing to the SQLite store")
struct SQLiteCommitTests {
    @Test("what was acknowledged is there after a restart")
    func persistence() async throws {
        try await withDirectory { directory in
            let job = NewJob.example(key: "k", body: [])
            try await withStore(in: directory) { store in
                let created = try await store.submit(job)
                #expect(created == .created(job.id))
                let claim = try await claimOne(store)
                guard case .settled(.succeeded, nil) = await store.succeed(claim, .example) else {
                    Issue.record("the success was not settled")
                    return
                }
            }
            try await withStore(in: directory) { store in
                let record = try #require(try await store.job(job.id, owner: job.owner))
                #expect(record.state == .succeeded)
                #expect(record.input == job.input)
                #expect(record.result?.text == "Hello")
                #expect(record.result?.body == [4, 5])
                #expect(record.result?.usage?.totalTokens == 7)
                let replayed = try await store.submit(job)
                #expect(replayed == .replayed(job.id))
            }
        }
    }

    @Test("operations that wait together share one commit, and all are there after a restart")
    func groupCommit() async throws {
        let commits = Commits()
        let jobs = (0..<64).map { NewJob.example(owner: "owner\($0)") }
        try await withDirectory { directory in
            try await withStore(in: directory, settings: commits.settings) { store in
                let before = commits.count
                let answers = try await inOneBatch(store, jobs.map { Submit(job: $0) })
                #expect(answers.count { (try? $0.get()) != nil } == 64)
                #expect(commits.count - before == 2, "one for the gate, one for the batch")
            }
            try await withStore(in: directory) { store in
                let lost = try await missing(jobs.map(\.id), in: store)
                #expect(lost == [])
            }
        }
    }

    @Test("a batch is bounded in operations and in bytes", arguments: [(10, 8 << 20, 7), (256, 5000, 13)])
    func batchBounds(operations: Int, bytes: Int, transactions: Int) async throws {
        let commits = Commits()
        var settings = commits.settings
        settings.batchOperations = operations
        settings.batchBytes = bytes
        try await withStore(settings: settings) { store in
            let before = commits.count
            let body = [UInt8](repeating: 1, count: 1000)
            _ = try await inOneBatch(store, (0..<60).map { _ in Submit(job: .example(body: body)) })
            #expect(commits.count - before == transactions, "with one for the gate")
            let counts = try await store.counts()
            #expect(counts == [.queued: 60])
        }
    }

    @Test("an operation that fails does not hurt its neighbours, which are written once")
    func neighbours() async throws {
        try await withStore { store in
            let before = NewJob.example()
            let after = NewJob.example()
            let operations: [AnyOperation] = [
                AnyOperation(Submit(job: before)), AnyOperation(BreakRule()), AnyOperation(Submit(job: after)),
            ]
            let answers = try await inOneBatch(store, operations)
            #expect(answers.map(code) == [nil, .corrupt, nil])
            let counts = try await store.counts()
            #expect(counts == [.queued: 2])
            let failures = try await store.job(before.id, owner: nil)?.failures
            #expect(failures == 0)
        }
    }

    @Test("a second job of the same id is refused alone")
    func duplicate() async throws {
        try await withStore { store in
            let job = NewJob.example()
            let answers = try await inOneBatch(store, [Submit(job: job), Submit(job: job), Submit(job: .example())])
            #expect(answers.map(code).count { $0 == nil } == 2)
            #expect(answers.map(code).count { $0 == .corrupt } == 1)
            let counts = try await store.counts()
            #expect(counts == [.queued: 2])
        }
    }

    @Test("on a full disk writes fail, reads go on, and with room again writes succeed without a restart")
    func fullDisk() async throws {
        try await withStore { store in
            let kept = NewJob.example()
            _ = try await store.submit(kept)
            _ = try await store.write(LimitPages(pages: 1))
            let big = [UInt8](repeating: 1, count: 200_000)
            for _ in 0..<2 {
                let error = await storeError { () throws(StoreError) in
                    _ = try await store.submit(.example(body: big))
                }
                #expect(error?.code == .full)
                let state = try await store.job(kept.id, owner: nil)?.state
                #expect(state == .queued)
                #expect(await storeError { () throws(StoreError) in try await store.checkWritable() }?.code == .full)
            }
            let answers = try await inOneBatch(store, (0..<3).map { _ in Submit(job: .example(body: big)) })
            #expect(answers.map(code) == [.full, .full, .full])
            _ = try await store.write(LimitPages(pages: nil))
            let late = NewJob.example(body: big)
            let created = try await store.submit(late)
            #expect(created == .created(late.id))
            try await store.checkWritable()
            let counts = try await store.counts()
            #expect(counts == [.queued: 2])
        }
    }

    @Test("an I/O error at the commit is answered with unavailable, whatever was written, and the store goes on")
    func commitErrors() async throws {
        let commits = Commits()
        try await withStore(settings: commits.settings) { store in
            let lost = NewJob.example()
            let written = NewJob.example()
            commits.fail(.before)
            #expect(await submissionError(store, lost)?.code == .unavailable)
            commits.fail(.after)
            #expect(await submissionError(store, written)?.code == .unavailable)
            commits.fail(nil)
            let lostIsMissing = try await missing([lost.id], in: store)
            #expect(lostIsMissing == [lost.id])
            let writtenIsMissing = try await missing([written.id], in: store)
            #expect(writtenIsMissing == [])
            #expect(await submissionError(store, .example()) == nil)
        }
    }

    @Test("what a transaction spends is counted once, also where limits are set in it")
    func limitsBehindLine() async throws {
        try await withStore { store in
            let job = NewJob.example()
            _ = try await store.submit(job)
            let claim = try await claimOne(store).spend()
            var success = Success.example
            success.report.entry = LedgerEntry(
                basis: .told,
                units: .exactly(["input": 1]),
                cost: .priced(5),
                counted: 5
            )
            let budget = SpendingLimits.Budget(amount: 100, period: .ever, since: job.createdAt)
            let limits = SetLimits(
                subject: .owner(job.owner),
                limits: SpendingLimits(budget: budget),
                now: job.createdAt,
                audit: AuditEntry(at: job.createdAt, actor: "test", action: "limits.set", subject: "", result: "")
            )
            try await store.write(limits)
            try await store.write(Both(first: Succeed(claim: claim, success: success), second: limits))
            #expect(try await store.spend().map(\.counted) == [5])
        }
    }

    @Test("what a transaction that failed would have queued is counted nowhere, and told to nobody")
    func queuesOfFailures() async throws {
        let commits = Commits()
        let told = Mutex<[[String: QueueSize]]>([])
        try await withStore(settings: commits.settings) { store in
            store.observe(wantsSpans: false) { news in told.withLock { $0.append(news.queues) } }
            func example() -> NewJob {
                var job = NewJob.example()
                job.facts.token = nil
                return job
            }
            let job = example()
            let size = QueueSize(jobs: 1, bytes: Int64(job.input.byteCount))
            _ = try await store.submit(job)
            commits.fail(.before)
            await #expect(throws: StoreError.self) { _ = try await store.submit(example()) }
            commits.fail(nil)
            #expect(told.withLock { $0 } == [[job.owner.rawValue: size]])
            _ = try await store.submit(example())
            let both = [job.owner.rawValue: size + size]
            #expect(told.withLock { $0.last } == both)
            #expect(try await store.queueSizes() == both)
        }
    }

    @Test(
        "what a transaction that failed would have counted is counted nowhere; of one that was written all the same the next tells"
    )
    func countsOfFailures() async throws {
        let commits = Commits()
        let told = Mutex<[CommitNews]>([])
        try await withStore(settings: commits.settings) { store in
            store.observe(wantsSpans: false) { news in told.withLock { $0.append(news) } }
            let kind = CountedJobs(.queued, JobKind(NewJob.example().facts))
            _ = try await store.submit(.example())
            for fault in [SQLiteSettings.CommitFault.before, .after] {
                commits.fail(fault)
                await #expect(throws: StoreError.self) { _ = try await store.submit(.example()) }
                commits.fail(nil)
                #expect(told.withLock { $0.last?.counts } == [kind: 1])
            }
            // Two are there now, of whose second nobody was told.
            #expect(try await store.jobCounts() == [kind: 2])
            try await store.checkWritable()
            #expect(told.withLock { $0.last?.counts } == [kind: 2])
            #expect(told.withLock { $0.last?.isWhole } == true)
            _ = try await store.submit(.example())
            #expect(told.withLock { $0.last?.counts } == [kind: 3])
            #expect(told.withLock { $0.last?.isWhole } == false)
        }
    }

    @Test("a batch whose commit failed is not run again")
    func unknownBatchRunsOnce() async throws {
        let commits = Commits()
        try await withStore(settings: commits.settings) { store in
            let answers = try await inOneBatch(store, (0..<5).map { _ in Submit(job: .example()) }) {
                commits.fail(.after)
            }
            #expect(answers.map(code) == Array(repeating: .unavailable, count: 5))
            commits.fail(nil)
            let counts = try await store.counts()
            #expect(counts == [.queued: 5])
        }
    }

    @Test("a settlement whose answer was lost settles when it is repeated")
    func repeatedSettlement() async throws {
        let commits = Commits()
        try await withStore(settings: commits.settings) { store in
            let job = NewJob.example()
            _ = try await store.submit(job)
            let claim = try await claimOne(store)
            commits.fail(.after)
            let first = await store.succeed(claim, .example)
            guard case .unsettled(let back, let error) = consume first else {
                Issue.record("the commit failed, and the settlement knew nothing of it")
                return
            }
            #expect(error.code == .unavailable)
            commits.fail(nil)
            guard case .settled(.succeeded, nil) = await store.succeed(back, .example) else {
                Issue.record("the repetition was not settled")
                return
            }
            let state = try await store.job(job.id, owner: nil)?.state
            #expect(state == .succeeded)
        }
    }

    @Test("a failed flush breaks the store for good, says so once, and what was acknowledged before stays")
    func failedFlush() async throws {
        let commits = Commits()
        let fatal = Mutex<[StoreError]>([])
        let kept = NewJob.example()
        try await withDirectory { directory in
            let onFatal: @Sendable (StoreError) -> Void = { error in fatal.withLock { $0.append(error) } }
            try await withStore(in: directory, settings: commits.settings, onFatal: onFatal) { store in
                _ = try await store.submit(kept)
                commits.fail(.flush)
                #expect(await submissionError(store, .example())?.code == .unavailable)
                commits.fail(nil)
                #expect(await submissionError(store, .example())?.code == .unavailable)
                let read = await storeError { () throws(StoreError) in _ = try await store.job(kept.id, owner: nil) }
                #expect(read?.code == .unavailable)
                #expect(fatal.withLock { $0.map(\.code) } == [.unavailable])
            }
            try await withStore(in: directory) { store in
                let counts = try await store.counts()
                #expect(counts == [.queued: 1])
                let keptIsMissing = try await missing([kept.id], in: store)
                #expect(keptIsMissing == [])
            }
        }
    }

    @Test(
        "the database refuses states that contradict themselves",
        arguments: [
            "UPDATE job SET state = 'running'", "UPDATE job SET boot = 'x'", "UPDATE job SET state = 'dead'",
            "UPDATE job SET error_class = 'timeout'", "UPDATE job SET finished_at = 1", "UPDATE job SET expires_at = 1",
            "UPDATE job SET state = 'succeeded'", "UPDATE job SET state = 'asleep'", "UPDATE job SET failures = 3",
            "UPDATE job SET tries = 0", "UPDATE job SET superseded_by = zeroblob(16)", "UPDATE job SET deadline_at = 5",
            "UPDATE job SET surface = '\(String(repeating: "x", count: 33))'",
            "UPDATE job SET model = '\(String(repeating: "x", count: 257))'",
            "UPDATE job SET epoch = -1", "UPDATE job SET id = x'00'", "UPDATE job SET run_at = 'soon'",
        ]
    )
    func checks(sql: String) async throws {
        try await withStore { store in
            _ = try await store.submit(.example())
            let error = await storeError { () throws(StoreError) in _ = try await store.write(Ask(sql: sql)) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test(
        "results are never changed, and the audit neither changed nor cut",
        arguments: [
            "UPDATE job_result SET body = x''", "UPDATE audit SET actor = 'nobody'", "DELETE FROM audit",
        ]
    )
    func appendOnly(sql: String) async throws {
        try await withStore { store in
            _ = try await store.submit(.example())
            let claim = try await claimOne(store)
            guard case .settled = await store.succeed(claim, .example) else {
                Issue.record("the success was not settled")
                return
            }
            try await store.append(AuditEntry(at: .later, actor: "a", action: "b", subject: "", result: "ok"))
            let error = await storeError { () throws(StoreError) in _ = try await store.write(Ask(sql: sql)) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("a result that is stored is never replaced, whatever the job's state claims")
    func writtenOnce() async throws {
        try await withDirectory { directory in
            let job = NewJob.example()
            let claimed = try await withStore(in: directory) { store in
                _ = try await store.submit(job)
                return try await claimOne(store).spend()
            }
            try await withFile(in: directory) { db in
                try db.execute(
                    sql: """
                        INSERT INTO job_result (job, epoch, body, finish, stored_at)
                        SELECT seq, epoch, x'09', 'stop', 1 FROM job
                        """
                )
            }
            try await withStore(in: directory) { store in
                switch await store.succeed(Claim(claimed), .example) {
                case .unsettled(let claim, let error):
                    claim.abandon()
                    #expect(error.code == .corrupt)
                default: Issue.record("a second result was taken")
                }
                let stored = try await store.write(Ask(sql: "SELECT count(*) FROM job_result WHERE body = x'09'"))
                #expect(stored == 1)
            }
        }
    }

    @Test("a key whose time is over is free for another request before it is purged")
    func endedKey() async throws {
        try await withStore { store in
            let first = NewJob.example(key: "k")
            var second = NewJob.example(at: 1_900_000_000_000 + 86_400_000, key: "k")
            second.fingerprint = Array(repeating: 8, count: 32)
            let created = try await store.submit(first)
            #expect(created == .created(first.id))
            let replaced = try await store.submit(second)
            #expect(replaced == .created(second.id))
            let replayed = try await store.submit(second)
            #expect(replayed == .replayed(second.id))
        }
    }
}

/// Two operations in one transaction, as a batch has them.
private struct Both<First: WriteOperation, Second: WriteOperation>: WriteOperation {
    var first: First
    var second: Second

    func run(_ db: Database, _ state: inout WriterState) throws -> Second.Answer {
        _ = try first.run(db, &state)
        return try second.run(db, &state)
    }
}
