import Foundation
import GRDB
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("What the SQLite store takes out, and gives back")
struct SQLitePurgeTests {
    private static let never = Timestamp(milliseconds: 4_000_000_000_000)

    @Test("a slice ends at its number of jobs, or with few of them where their bodies are large")
    func slices() async throws {
        try await withStore { store in
            try await end(store, 12, bytes: 1_000_000)
            var sizes: [Int] = []
            while true {
                let size = try await store.purge(at: Self.never, limit: 256)
                if size == 0 { break }
                sizes.append(size)
            }
            #expect(sizes.reduce(0, +) == 12)
            #expect(sizes.allSatisfy { $0 <= 5 }, "\(sizes)")
            try await end(store, 12, bytes: 10)
            #expect(try await store.purge(at: Self.never, limit: 10) == 10)
            #expect(try await store.purge(at: Self.never, limit: 10) == 2)
        }
    }

    @Test("a purge leaves no row of a job behind")
    func whole() async throws {
        try await withStore { store in
            _ = try await store.submit(.example(key: "k"))
            let claim = try await claimOne(store)
            guard case .settled(.succeeded, nil) = await store.succeed(claim, .example) else {
                Issue.record("the success was not settled")
                return
            }
            #expect(try await store.purge(at: Self.never, limit: 10) == 1)
            for table in ["job", "job_input", "job_result", "job_output", "job_attempt", "idempotency"] {
                #expect(try await store.write(Ask(sql: "SELECT count(*) FROM \(table)")) == 0, "\(table)")
            }
        }
    }

    @Test("a prompt that comes during a long purge is in the next transaction")
    func neighbours() async throws {
        let commits = Commits()
        try await withStore(settings: commits.settings) { store in
            try await end(store, 40, bytes: 10)
            #expect(try await store.purge(at: Self.never, limit: 8) == 8)
            let before = commits.count
            // The next slice waits already when the prompt comes.
            let purging: @Sendable (Database, inout WriterState) throws -> Void = { db, state in
                _ = try PurgeJobs(now: Self.never, limit: 8).run(db, &state)
            }
            let job = NewJob.example()
            let answers = try await inOneBatch(store, [AnyOperation(body: purging), AnyOperation(Submit(job: job))])
            #expect(answers.allSatisfy { code($0) == nil })
            #expect(commits.count - before == 2, "one for the gate, one for both")
            #expect(try await store.job(job.id, owner: nil)?.state == .queued)
            #expect(try await store.purge(at: Self.never, limit: 256) == 24, "the rest is still to be purged")
        }
    }

    @Test("a slice whose commit fails leaves every job whole")
    func failedSlice() async throws {
        let commits = Commits()
        try await withStore(settings: commits.settings) { store in
            let ids = try await end(store, 3, bytes: 20_000)
            commits.fail(.before)
            let error = await storeError { () throws(StoreError) in _ = try await store.purge(at: Self.never, limit: 9)
            }
            #expect(error?.code == .unavailable)
            commits.fail(nil)
            for id in ids {
                let job = try #require(try await store.job(id, owner: nil))
                #expect(job.state == .cancelled)
                #expect(job.input?.body.count == 20_000)
            }
            #expect(try await store.purge(at: Self.never, limit: 9) == 3)
        }
    }

    @Test("after a purge the file shrinks to near the size of what is left, while the store serves")
    func shrinks() async throws {
        var settings = SQLiteSettings.standard
        // After every commit, so that what was cut off is seen by the one after it.
        settings.checkpointPages = 1
        try await withDirectory { directory in
            try await withStore(in: directory, settings: settings) { store in
                try await end(store, 300, bytes: 60_000)
                let kept = try await end(store, 20, bytes: 60_000)
                try await store.checkWritable()
                let full = try #require(size("\(directory)/sluice.db"))
                #expect(full > 18_000_000)
                var purged = 0
                while purged < 300 { purged += try await store.purge(at: Self.never, limit: min(50, 300 - purged)) }
                var slices = 0
                while try await store.giveBackRoom() { slices += 1 }
                #expect(slices > 10, "it takes many slices")
                try await store.checkWritable()
                try await store.checkWritable()
                let left = try #require(size("\(directory)/sluice.db"))
                // 20 bodies of 60 kB, the reserve of 1 MiB and less than a slice of 1 MiB.
                #expect(left < 4_000_000, "\(left) bytes")
                for id in kept { #expect(try await store.job(id, owner: nil)?.input?.body.count == 60_000) }
                #expect(try await store.write(Ask(sql: "PRAGMA freelist_count")) >= 256, "the reserve is gone")
            }
        }
    }

    @Test("what is purged and comes again neither shrinks nor grows the file")
    func steady() async throws {
        try await withStore { store in
            // More than a slice, and less than a slice beyond the reserve.
            try await end(store, 80, bytes: 60_000)
            let pages = try await store.write(Ask(sql: "PRAGMA page_count"))
            for _ in 0..<5 {
                #expect(try await store.purge(at: Self.never, limit: 22) == 22)
                #expect(try await store.write(Ask(sql: "PRAGMA freelist_count")) >= 256)
                #expect(try await !store.giveBackRoom())
                try await end(store, 22, bytes: 60_000)
            }
            #expect(try await store.write(Ask(sql: "PRAGMA page_count")) - pages < 8)
        }
    }

    @Test("what an owner deletes is overwritten in the file", arguments: [200, 100_000])
    func overwritten(bytes: Int) async throws {
        let marker = Array("the secret \(UUID().uuidString)".utf8)
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await end(store, 5, bytes: bytes)
                let body = Array(repeatElement(marker, count: bytes / marker.count).joined())
                let ids = try await end(store, 1, body)
                try await end(store, 5, bytes: bytes)
                #expect(
                    try await store.deleteBodies(ids[0], owner: nil, at: .later, upstream: [], strangers: [])
                        == .deleted()
                )
            }
            let file = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/sluice.db"))
            #expect(file.range(of: Data(marker)) == nil)
        }
    }

    /// Stores so many jobs and ends them; they expire in the order of their arrival.
    @discardableResult
    private func end(_ store: SQLiteStore, _ count: Int, bytes: Int) async throws -> [JobID] {
        try await end(store, count, (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    @discardableResult
    private func end(_ store: SQLiteStore, _ count: Int, _ body: [UInt8]) async throws -> [JobID] {
        var ids: [JobID] = []
        for _ in 0..<count {
            let job = NewJob.example(body: body)
            _ = try await store.submit(job)
            _ = try await store.cancel(job.id, owner: nil, at: .later, audit: nil)
            ids.append(job.id)
        }
        return ids
    }
}
