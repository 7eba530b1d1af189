import Foundation
import GRDB
import Glibc
import SluiceStore
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceSQLite

@Suite("Backups of the SQLite store")
struct SQLiteBackupTests {
    @Test("a backup is sound, closed to others, alone, and keeps what makes the file ours")
    func backup() async throws {
        try await withPlace { directory, file in
            let report = try await withStore(in: directory) { store in
                try await MixedLife.live(in: store)
                let report = try await store.backup(to: file) { _ in }
                #expect(try await store.check().jobs == report.jobs)
                return report
            }
            #expect(report.path == file)
            #expect(report.schema == Migration.current.version)
            #expect(size(file).map(Int64.init) == report.bytes)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(neighbours(of: file) == ["b.db"])
            let check = try await SQLiteStore.check(file: file)
            #expect(check.faults == [])
            #expect(check.jobs == report.jobs)
            #expect(neighbours(of: file) == ["b.db"], "a look at it left something")
            let copy = try DatabaseQueue(path: file)
            let expected = [
                "application_id": 0x534C_5543, "user_version": Migration.current.version, "page_size": 4096,
                "auto_vacuum": 2,
            ]
            for (name, value) in expected {
                #expect(try await copy.read { db in try Int64.fetchOne(db, sql: "PRAGMA \(name)") } == value, "\(name)")
            }
            try copy.close()
        }
    }

    @Test("a backup has what was committed before it began, and nothing of what came while it was made")
    func oneMoment() async throws {
        try await withPlace { directory, file in
            try await withStore(in: directory) { store in
                let body = Array(repeating: UInt8(32), count: 1 << 20)
                for _ in 0..<4 { _ = try await store.submit(.example(body: body)) }
                // The copying thread stands still meanwhile.
                let later = Blocker()
                async let report = store.backup(to: file) { progress in
                    if progress.step == .copying { later.pause() }
                }
                await later.reached()
                for _ in 0..<3 { _ = try await store.submit(.example(body: body)) }
                later.resume()
                #expect(try await report.jobs == [.queued: 4])
                #expect(try await store.counts() == [.queued: 7])
            }
            #expect(try await SQLiteStore.check(file: file).jobs == [.queued: 4])
        }
    }

    @Test("writes go on, and the WAL is not waited for, while a backup is made", .timeLimit(.minutes(1)))
    func writesGoOn() async throws {
        try await withPlace { directory, file in
            var settings = SQLiteSettings.standard
            settings.checkpointPages = 8
            settings.walPages = 16
            try await withStore(in: directory, settings: settings) { store in
                _ = try await store.submit(.example(body: Array(repeating: 32, count: 3 << 20)))
                let later = Blocker()
                async let report = store.backup(to: file) { _ in later.pause() }
                await later.reached()
                // Each would take as long as SQLite waits for a reader, five seconds, if the writer waited.
                for _ in 0..<200 {
                    _ = try await store.submit(.example(body: Array(repeating: 32, count: 50_000)))
                }
                #expect(later.isPaused)
                later.resume()
                _ = try await report
            }
        }
    }

    @Test("a backup behind which the WAL grows too long is given up, and nothing is left of it")
    func tooLong() async throws {
        try await withPlace { directory, file in
            var settings = SQLiteSettings.standard
            settings.checkpointPages = 8
            settings.walPages = 16
            settings.longestWALPages = 64
            try await withStore(in: directory, settings: settings) { store in
                _ = try await store.submit(.example(body: Array(repeating: 32, count: 3 << 20)))
                // The writer takes it when it has moved the first one's pages: a backup that began before would be behind
                // a WAL that is too long from the start.
                _ = try await store.submit(.example())
                let later = Blocker()
                let backup = Task { await error(store, file) { _ in later.pause() } }
                await later.reached()
                for _ in 0..<40 {
                    _ = try await store.submit(.example(body: Array(repeating: 32, count: 50_000)))
                }
                later.resume()
                #expect(await backup.value?.message.contains("so much was written") == true)
                #expect(neighbours(of: file) == [])
                #expect(try await store.backup(to: file) { _ in }.jobs == [.queued: 42])
            }
        }
    }

    @Test("what stands at the path is never touched, and what can't be made is told in a sentence")
    func refusals() async throws {
        try await withPlace { directory, file in
            try Data("mine".utf8).write(to: URL(filePath: file))
            let parent = URL(filePath: file).deletingLastPathComponent().path
            unsafe symlink("/nowhere", "\(parent)/link")
            try await withStore(in: directory) { store in
                for (path, word) in [
                    (file, "already"), (parent, "already"), ("\(parent)/link", "already"),
                    ("/proc/b.db", "can't be made"),
                    ("\(parent)/none/b.db", "there is no directory"), ("\(file)/b.db", "there is no directory"),
                    ("\(directory)/sluice.db", "already"),
                ] {
                    let refusal = await error(store, path) { _ in }
                    #expect(refusal?.code == .refused, "\(path)")
                    #expect(refusal?.message.contains(word) == true, "\(path): \(refusal?.message ?? "")")
                }
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            #expect(neighbours(of: file) == ["b.db", "link"])
        }
    }

    @Test("what comes to stand at the path while the copy is made is not replaced")
    func race() async throws {
        try await withPlace { directory, file in
            try await withStore(in: directory) { store in
                let refusal = await error(store, file) { progress in
                    if progress.step == .checking { try? Data("mine".utf8).write(to: URL(filePath: file)) }
                }
                #expect(refusal?.code == .refused)
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            #expect(neighbours(of: file) == ["b.db"])
        }
    }

    @Test("a backup that nobody waits for any more, or whose store closes, leaves nothing", arguments: [true, false])
    func givenUp(byClosing: Bool) async throws {
        try await withPlace { directory, file in
            try await withStore(in: directory) { store in
                _ = try await store.submit(.example(body: Array(repeating: 32, count: 3 << 20)))
                let later = Blocker()
                let steps = Atomic(0)
                let backup = Task {
                    await error(store, file) { _ in
                        steps.add(1, ordering: .sequentiallyConsistent)
                        later.pause()
                    }
                }
                await later.reached()
                #expect(neighbours(of: file).allSatisfy { $0.hasPrefix("b.db.") && $0.hasSuffix(".partial") })
                #expect(!neighbours(of: file).isEmpty)
                if byClosing {
                    async let closed: Void = store.close()
                    while !store.longReads.isClosed { await Task.yield() }
                    later.resume()
                    await closed
                } else {
                    backup.cancel()
                    later.resume()
                }
                #expect(await backup.value?.code == (byClosing ? .closed : .unavailable))
                #expect(steps.load(ordering: .sequentiallyConsistent) == 1, "it went on")
                #expect(neighbours(of: file) == [])
            }
        }
    }

    @Test("a disk that fills while the copy is made leaves nothing, and the store goes on")
    func full() async throws {
        try await withPlace { directory, file in
            let place = URL(filePath: file).deletingLastPathComponent().path
            guard unsafe mount("sluice-test", place, "tmpfs", 0, "size=8m") == 0 else {
                Issue.record("no tmpfs may be mounted here, so no full disk was shown: run as root", severity: .warning)
                return
            }
            defer { unsafe umount2(place, Int32(MNT_DETACH)) }
            try await withStore(in: directory) { store in
                _ = try await store.submit(.example(body: Array(repeating: 32, count: 6 << 20)))
                let refusal = await error(store, file) { progress in
                    let filler = "\(place)/filler"
                    guard progress.step == .copying, !FileManager.default.fileExists(atPath: filler) else { return }
                    try? Data(repeating: 1, count: 4 << 20).write(to: URL(filePath: filler))
                }
                #expect(refusal?.code == .full)
                #expect(refusal?.message.contains("no room for \(file)") == true)
                #expect(neighbours(of: file) == ["filler"])
                _ = try await store.submit(.example())
                #expect(try await store.check().faults == [])
            }
        }
    }

    @Test("a damaged store's backup is refused, and the damage told")
    func damaged() async throws {
        try await withPlace { directory, file in
            try await withStore(in: directory) { store in _ = try await MixedLife.live(in: store) }
            try await SQLiteBackupTests.damage("\(directory)/sluice.db")
            try await withStore(in: directory, mode: .offline) { store in
                let refusal = await error(store, file) { _ in }
                #expect(refusal?.code == .corrupt)
                #expect(refusal?.message.contains("sluice check") == true)
            }
            #expect(neighbours(of: file) == [])
        }
    }

    @Test("backups asked for at once are made one after the other")
    func inTurn() async throws {
        try await withPlace { directory, file in
            try await withStore(in: directory) { store in
                try await MixedLife.live(in: store)
                async let first = store.backup(to: file) { _ in }
                async let second = store.backup(to: "\(file).2") { _ in }
                async let check = store.check()
                #expect(try await first.jobs == second.jobs)
                #expect(try await check.faults == [])
            }
            #expect(neighbours(of: file) == ["b.db", "b.db.2"])
        }
    }

    /// Writes over the root of an index.
    static func damage(_ path: String) async throws {
        let file = try DatabaseQueue(path: path)
        let root = try await file.read { db in
            try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'job_owner_succeeded'") ?? 0
        }
        try file.close()
        let bytes = try FileHandle(forUpdating: URL(filePath: path))
        try bytes.seek(toOffset: UInt64((root - 1) * 4096 + 8))
        try bytes.write(contentsOf: Data(repeating: 0xAA, count: 4000))
        try bytes.close()
    }

    private func error(
        _ store: SQLiteStore,
        _ path: String,
        _ onProgress: @escaping @Sendable (BackupProgress) -> Void
    ) async -> StoreError? {
        await storeError { () throws(StoreError) in _ = try await store.backup(to: path, onProgress: onProgress) }
    }
}

/// A data directory that is not there yet, and a place for a backup in an empty one.
func withPlace(_ body: (_ directory: String, _ file: String) async throws -> Void) async throws {
    try await withDirectory { path in
        try FileManager.default.createDirectory(atPath: "\(path)/backups", withIntermediateDirectories: true)
        try await body("\(path)/data", "\(path)/backups/b.db")
    }
}

/// What stands in the directory of `file`.
func neighbours(of file: String) -> [String] {
    let directory = URL(filePath: file).deletingLastPathComponent().path
    return ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
}

/// Holds a thread at a place until it is let go; it is held there once.
final class Blocker: Sendable {
    private let gate = Gate()
    private let state = Mutex<(isPaused: Bool, isOver: Bool)>((false, false))

    var isPaused: Bool { state.withLock { $0.isPaused } }

    func pause() {
        let isFirst = state.withLock { state in
            defer { state.isPaused = true }
            return !state.isPaused && !state.isOver
        }
        guard isFirst else { return }
        gate.wait()
    }

    func resume() {
        state.withLock { $0 = (false, true) }
        gate.open()
    }

    func reached() async {
        while !gate.isReached { await Task.yield() }
    }
}
