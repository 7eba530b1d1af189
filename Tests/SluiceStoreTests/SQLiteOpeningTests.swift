import Foundation
import GRDB
import SluiceStore
import Testing

@testable import SluiceSQLite

@Suite("Opening the SQLite store")
struct SQLiteOpeningTests {
    @Test("directory, database, WAL and lock are closed to others, also where they were open")
    func modes() async throws {
        try await withDirectory { directory in
            let files = ["", "/sluice.db", "/sluice.db-wal", "/sluice.db-shm", "/lock"]
            try await withStore(in: directory) { store in
                _ = try await store.submit(.example())
                for file in files { #expect(mode(directory + file) == (file.isEmpty ? 0o700 : 0o600), "\(file)") }
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644],
                ofItemAtPath: "\(directory)/sluice.db"
            )
            try await withStore(in: directory) { store in
                _ = try await store.submit(.example())
                for file in files.dropFirst() { #expect(mode(directory + file) == 0o600, "\(file)") }
            }
        }
    }

    @Test(
        "a directory that is open is locked against a second opening, which names our process",
        arguments: [
            SQLiteStore.Mode.serve, .offline,
        ]
    )
    func lock(mode: SQLiteStore.Mode) async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in
                let error = await openingError(directory, mode: mode)
                #expect(error?.code == .locked)
                #expect(
                    error?.message
                        == "another sluice (pid \(ProcessInfo.processInfo.processIdentifier)) has \(directory) open; "
                        + "stop it, or name another --data directory"
                )
            }
            #expect(await openingError(directory, mode: mode) == nil, "closing did not let others in")
        }
    }

    @Test("a directory whose lock was deleted is locked all the same", arguments: [SQLiteStore.Mode.serve, .offline])
    func deletedLock(mode: SQLiteStore.Mode) async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in
                try FileManager.default.removeItem(atPath: "\(directory)/lock")
                let error = await openingError(directory, mode: mode)
                #expect(error?.code == .locked)
                #expect(error?.message.contains("that file was deleted") == true)
            }
            #expect(await openingError(directory, mode: mode) == nil, "closing did not let others in")
        }
    }

    @Test(
        "what was taken away while it is open is noticed before anything more is acknowledged",
        arguments: ["lock", "sluice.db", ""],
        [true, false]
    )
    func takenAway(name: String, isReplaced: Bool) async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                _ = try await store.submit(.example(owner: "a", model: "m", at: 0))
                let path = name.isEmpty ? directory : "\(directory)/\(name)"
                let moved = "\(directory).moved"
                defer { try? FileManager.default.removeItem(atPath: moved) }
                try FileManager.default.moveItem(atPath: path, toPath: moved)
                if isReplaced { try FileManager.default.copyItem(atPath: moved, toPath: path) }
                #expect(!store.isInPlace())
                let error = await #expect(throws: StoreError.self) {
                    try await store.submit(.example(owner: "a", model: "m", at: 1))
                }
                #expect(error?.code == .unavailable && error?.message.contains("nothing more is taken") == true)
                if !isReplaced { try FileManager.default.moveItem(atPath: moved, toPath: path) }
            }
        }
    }

    @Test("a refused opening lets go of the lock")
    func refusalUnlocks() async throws {
        try await withDirectory { directory in
            var settings = SQLiteSettings.standard
            settings.synchronous = .normal
            #expect(await openingError(directory, settings: settings) != nil)
            #expect(await openingError(directory) == nil)
        }
    }

    @Test("a store that would not flush its commits is refused")
    func synchronous() async throws {
        try await withDirectory { directory in
            var settings = SQLiteSettings.standard
            settings.synchronous = .normal
            let error = await openingError(directory, settings: settings)
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("synchronous is 1, not 2 (FULL)") == true)
        }
    }

    @Test("the writer runs with every setting that durability needs")
    func pragmas() async throws {
        try await withStore { store in
            let expected: [String: Int64] = [
                "synchronous": 2, "wal_autocheckpoint": 0, "page_size": 4096, "auto_vacuum": 2,
                "application_id": 0x534C_5543, "user_version": Migration.current.version, "mmap_size": 0,
                "cache_size": -65_536,
            ]
            for (name, value) in expected {
                let set = try await store.write(Ask(sql: "PRAGMA \(name)"))
                #expect(set == value, "\(name)")
            }
        }
    }

    @Test(
        "a file of another version is refused with a sentence, and left as it is",
        arguments: [SQLiteStore.Mode.serve, .offline],
        [1, 2, 99]
    )
    func otherSchema(mode: SQLiteStore.Mode, version: Int) async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in }
            try await withFile(in: directory) { db in try db.execute(sql: "PRAGMA user_version = \(version)") }
            let error = await openingError(directory, mode: mode)
            #expect(error?.code == .schema)
            let writer = version == 99 ? "newer" : "older"
            #expect(error?.message.contains("\(writer) sluice (schema \(version);") == true)
            #expect(error?.message.contains("begin with an empty directory") == true)
            try await withFile(in: directory) { db in
                let found = try Int.fetchOne(db, sql: "PRAGMA user_version")
                #expect(found == version)
            }
        }
    }

    @Test(
        "a database of another program is refused",
        arguments: [
            "PRAGMA application_id = 42", "CREATE TABLE notes (text)",
        ]
    )
    func foreign(sql: String) async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            try await withFile(in: directory) { db in try db.execute(sql: sql) }
            let error = await openingError(directory)
            #expect(error?.code == .schema)
            #expect(error?.message.contains("another program") == true)
        }
    }

    @Test("a file that is no database is refused")
    func garbage() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            try Data(repeating: 65, count: 8192).write(to: URL(filePath: "\(directory)/sluice.db"))
            #expect(await openingError(directory)?.code == .schema)
        }
    }

    @Test("offline makes nothing and asks for a first start")
    func offlineMissing() async throws {
        try await withDirectory { directory in
            let missing = await openingError(directory, mode: .offline)
            #expect(missing?.code == .schema)
            #expect(missing?.message.contains("start `sluice serve` once") == true)
            #expect(!FileManager.default.fileExists(atPath: directory))
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            #expect(await openingError(directory, mode: .offline)?.code == .schema)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    @Test("offline refuses a file that was never set up, and leaves it as it is")
    func offlineOlder() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            try await withFile(in: directory) { db in try db.execute(sql: "PRAGMA application_id = 1397511491") }
            let error = await openingError(directory, mode: .offline)
            #expect(error?.code == .schema)
            #expect(error?.message.contains("start `sluice serve` once") == true)
            try await withFile(in: directory) { db in
                let version = try Int.fetchOne(db, sql: "PRAGMA user_version")
                #expect(version == 0)
            }
            #expect(await openingError(directory) == nil, "serve did not bring it up to date")
            #expect(await openingError(directory, mode: .offline) == nil)
        }
    }

    @Test("a directory that can't be made is named")
    func noDirectory() async throws {
        let error = await openingError("/proc/sluice-test")
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("/proc/sluice-test") == true)
    }

    @Test("after closing, reads and writes answer closed, and closing again is harmless")
    func closed() async throws {
        try await withDirectory { directory in
            let store = try await SQLiteStore.open(directory: directory, mode: .serve, retention: .standard)
            await store.close()
            await store.close()
            #expect(await storeError { () throws(StoreError) in try await store.checkWritable() }?.code == .closed)
            #expect(await storeError { () throws(StoreError) in _ = try await store.counts() }?.code == .closed)
        }
    }

    private func mode(_ path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
}
