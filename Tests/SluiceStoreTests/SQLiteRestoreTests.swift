import Foundation
import GRDB
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("Restoring a backup of the SQLite store")
struct SQLiteRestoreTests {
    @Test("into a directory that is not there, or is empty, every job comes back", arguments: [true, false])
    func restore(isThere: Bool) async throws {
        try await withBackup { file, jobs, directory in
            if isThere {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            }
            let report = try await SQLiteStore.restore(file, into: directory)
            #expect(report.jobs == [.queued: 2, .running: 1, .succeeded: 3, .dead: 1, .cancelled: 1])
            #expect(report.schema == Migration.current.version)
            #expect((report.runAgain, report.putAside) == (1, 0))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["lock", "sluice.db"])
            for (path, mode) in [(directory, 0o700), ("\(directory)/sluice.db", 0o600)] {
                let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(found == mode, "\(path)")
            }
            #expect(try await SQLiteStore.check(directory: directory).faults == [])
            try await withStore(in: directory) { store in
                for (fate, id) in jobs { #expect(try await store.job(id, owner: nil)?.model == fate.rawValue) }
                let succeeded = try #require(jobs[.succeeded])
                #expect(try await store.job(succeeded, owner: nil)?.result?.text == "Hello")
                let rescued = try await store.rescue(boot: BootID(rawValue: "new"), at: .later, limit: 10)
                #expect(rescued.map(\.id) == [jobs[.running]])
                let owed = try await store.claimUpstreamDeletions(at: .later, dueAgainAt: .later, limit: 9)
                #expect(owed.due.map(\.kept.upstreamID) == ["resp_1"])
            }
        }
    }

    @Test("jobs that would be put aside are told apart")
    func aside() async throws {
        try await withBackup { file, _, directory in
            try await change(file, "UPDATE job SET on_unknown = 'deadLetter' WHERE state = 'running'")
            let report = try await SQLiteStore.restore(file, into: directory)
            #expect((report.runAgain, report.putAside) == (0, 1))
        }
    }

    @Test("a directory that is not empty is not touched")
    func notEmpty() async throws {
        try await withBackup { file, _, directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            try Data("mine".utf8).write(to: URL(filePath: "\(directory)/notes"))
            let refusal = await error(file, directory)
            #expect(refusal?.code == .refused)
            #expect(refusal?.message.contains("is not empty") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["notes"])
        }
    }

    @Test(
        "a file that is no sound backup of ours is refused, and nothing is left in the directory",
        arguments: [
            ("PRAGMA application_id = 1", "another program"), ("PRAGMA user_version = 99", "newer sluice"),
            ("PRAGMA user_version = 0", "older sluice"),
        ]
    )
    func foreign(sql: String, word: String) async throws {
        try await withBackup { file, _, directory in
            try await change(file, sql)
            let refusal = await error(file, directory)
            #expect(refusal?.code == .schema)
            #expect(refusal?.message.contains(word) == true)
            #expect(!FileManager.default.fileExists(atPath: directory))
        }
    }

    @Test("a damaged backup is refused, by a check too", arguments: [true, false])
    func damaged(isThere: Bool) async throws {
        try await withBackup { file, _, directory in
            if isThere {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            }
            try await SQLiteBackupTests.damage(file)
            let refusal = await error(file, directory)
            #expect(refusal?.code == .corrupt)
            #expect(refusal?.message.contains("restore another backup") == true)
            #expect((try? FileManager.default.contentsOfDirectory(atPath: directory)) == (isThere ? [] : nil))
            #expect(try await SQLiteStore.check(file: file).faults.map(\.guarantee).contains(.file))
        }
    }

    @Test("half a backup is refused")
    func half() async throws {
        try await withBackup { file, _, directory in
            let bytes = try Data(contentsOf: URL(filePath: file))
            try bytes.prefix(bytes.count / 2).write(to: URL(filePath: file))
            let refusal = await error(file, directory)
            #expect(refusal?.code == .corrupt)
            #expect(refusal?.message.hasPrefix("\(file) is damaged") == true)
            #expect(refusal?.message.hasSuffix("restore another backup") == true)
            try bytes.prefix(50).write(to: URL(filePath: file))
            #expect(await error(file, directory)?.message.contains("is no database") == true)
            #expect(!FileManager.default.fileExists(atPath: directory))
        }
    }

    @Test("what is no file, or not all of a store, is refused")
    func notAll() async throws {
        try await withBackup { file, _, directory in
            #expect(await error("\(file).none", directory)?.message.contains("there is no file") == true)
            let parent = URL(filePath: file).deletingLastPathComponent().path
            #expect(await error(parent, directory)?.message.contains("is no file") == true)
            try Data().write(to: URL(filePath: "\(file)-wal"))
            let refusal = await error(file, directory)
            #expect(refusal?.message.contains("copied from under a server") == true)
            #expect(
                await storeError { () throws(StoreError) in _ = try await SQLiteStore.check(file: file) } == refusal
            )
            #expect(!FileManager.default.fileExists(atPath: directory))
        }
    }

    @Test("a store's own file is taken when it was stopped in order, and not while a server has it")
    func storeFile() async throws {
        try await withPlace { source, _ in
            let file = "\(source)/sluice.db"
            let target = "\(source)-restored"
            try await withStore(in: source) { store in
                try await MixedLife.live(in: store)
                #expect(await error(file, target)?.code == .locked)
            }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(try await SQLiteStore.restore(file, into: target).jobs[.succeeded] == 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: target).sorted() == ["lock", "sluice.db"])
            #expect(try await SQLiteStore.check(directory: target).faults == [])
            let refusal = await storeError { () throws(StoreError) in _ = try await SQLiteStore.check(file: file) }
            #expect(refusal?.message.contains("--data") == true)
        }
    }

    private func withBackup(
        _ body: (_ file: String, _ jobs: [MixedLife.Fate: JobID], _ directory: String) async throws -> Void
    ) async throws {
        try await withPlace { directory, file in
            let jobs = try await withStore(in: directory) { store in
                let jobs = try await MixedLife.live(in: store)
                _ = try await store.backup(to: file) { _ in }
                return jobs
            }
            try await body(file, jobs, "\(directory)-restored")
        }
    }

    private func change(_ file: String, _ sql: String) async throws {
        let backup = try DatabaseQueue(path: file)
        try await backup.writeWithoutTransaction { db in try db.execute(sql: sql) }
        try backup.close()
    }

    private func error(_ file: String, _ directory: String) async -> StoreError? {
        await storeError { () throws(StoreError) in _ = try await SQLiteStore.restore(file, into: directory) }
    }
}
