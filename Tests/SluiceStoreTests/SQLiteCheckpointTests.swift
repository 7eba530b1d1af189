import Foundation
import GRDB
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("The SQLite store's WAL")
struct SQLiteCheckpointTests {
    @Test("what a crashed process left in the WAL is taken into the database before the store opens")
    func truncatedAtStart() async throws {
        try await withDirectory { directory in
            try await withDirectory { crashed in
                let jobs = (0..<20).map { _ in NewJob.example() }
                try await withStore(in: directory) { store in
                    for job in jobs { _ = try await store.submit(job) }
                    // As a crash would leave it: nothing is closed, nothing is moved.
                    try FileManager.default.createDirectory(atPath: crashed, withIntermediateDirectories: false)
                    for file in ["sluice.db", "sluice.db-wal"] {
                        try FileManager.default.copyItem(
                            atPath: "\(directory)/\(file)",
                            toPath: "\(crashed)/\(file)"
                        )
                    }
                }
                #expect(try #require(size("\(crashed)/sluice.db-wal")) > 0)
                let left = number("\(crashed)/sluice.db-wal")
                try await withStore(in: crashed) { store in
                    #expect(size("\(crashed)/sluice.db-wal") == 0)
                    // What is taken in is a copy that was flushed, not what the page cache makes of the crash.
                    #expect(number("\(crashed)/sluice.db-wal") != left)
                    let lost = try await missing(jobs.map(\.id), in: store)
                    #expect(lost == [])
                }
            }
        }
    }

    @Test("closing leaves one file: the WAL is taken in and gone")
    func cleanClose() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in _ = try await store.submit(.example()) }
            #expect(size("\(directory)/sluice.db-wal") == nil)
            try await withFile(in: directory) { db in
                let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM job")
                #expect(count == 1)
            }
        }
    }

    @Test("the WAL stays bounded under load")
    func bounded() async throws {
        var settings = SQLiteSettings.standard
        settings.checkpointPages = 64
        try await withDirectory { directory in
            try await withStore(in: directory, settings: settings) { store in
                for _ in 0..<300 { _ = try await store.submit(.example()) }
                // 300 commits of five pages and more are above 6 MB.
                #expect(try #require(size("\(directory)/sluice.db-wal")) < 1_000_000)
            }
        }
    }

    @Test("a read that lasts stops no write, sees what it saw at its beginning, and is passed over by checkpoints")
    func longRead() async throws {
        var settings = SQLiteSettings.standard
        settings.checkpointPages = 16
        try await withStore(settings: settings) { store in
            _ = try await store.submit(.example())
            let gate = Gate()
            async let seen = store.read { db in
                let before = try db.countAll()
                gate.wait()
                return (before, try db.countAll())
            }
            while !gate.isReached { await Task.yield() }
            for _ in 0..<50 { _ = try await store.submit(.example()) }
            let counts = try await store.counts()
            #expect(counts == [.queued: 51], "another reader is held up")
            gate.open()
            let (before, after) = try await seen
            #expect(before == [.queued: 1])
            #expect(after == [.queued: 1])
        }
    }

    @Test(
        "a WAL that a reader keeps from being begun anew is waited for past its bound, and not before",
        arguments: [
            (bound: 32, isAnew: true), (bound: 100_000, isAnew: false),
        ]
    )
    func restart(bound: Int, isAnew: Bool) async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in }
            let pages = try pagesAfterCheckpoint(directory, bound: bound)
            #expect((pages < 100) == isAnew, "\(pages) pages")
        }
    }

    /// The length of a WAL after sixty pages, a checkpoint during a read, and sixty pages more.
    private func pagesAfterCheckpoint(_ directory: String, bound: Int) throws -> Int {
        var settings = SQLiteSettings.standard
        settings.walPages = bound
        var checkpoints = Checkpointer(settings)
        let reader = try open(directory, readonly: true) { false }
        // The reader ends when the writer is seen to wait for it.
        let writer = try open(directory) {
            try? reader.writeWithoutTransaction { db in try db.control("COMMIT TRANSACTION") }
            return true
        }
        let pages = try writer.writeWithoutTransaction { db in
            try fill(db)
            try reader.writeWithoutTransaction { db in
                try db.control("BEGIN DEFERRED TRANSACTION")
                _ = try db.countAll()
            }
            try checkpoints.run(db)
            try fill(db)
            return try CheckpointAnswer(db, "PRAGMA wal_checkpoint(PASSIVE)").log
        }
        reader.writeWithoutTransaction { db in _ = db.abandonTransaction() }
        try writer.close()
        try reader.close()
        return pages
    }

    private func open(
        _ directory: String,
        readonly: Bool = false,
        whenBusy: @escaping @Sendable () -> Bool
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .callback { _ in whenBusy() }
        return try DatabaseQueue(path: "\(directory)/sluice.db", configuration: configuration)
    }

    /// Some sixty pages.
    private func fill(_ db: Database) throws {
        try db.control("BEGIN IMMEDIATE TRANSACTION")
        try db.run("INSERT INTO config (hash, json, seen_at) VALUES (hex(randomblob(32)), zeroblob(240000), 1)")
        try db.control("COMMIT TRANSACTION")
    }
}
