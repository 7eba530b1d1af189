import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization

@testable import SluiceSQLite

/// A directory that ends with its test.
func withDirectory<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
    let path = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// A directory in memory, where the system has a file system there: for suites that ask a great deal of the store, and
/// nothing of the disk.
func withLightDirectory<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
    let hasMemory = FileManager.default.isWritableFile(atPath: "/dev/shm")
    let root = hasMemory ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory
    let path = root.appending(path: "sluice-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Opens the store, hands it over and closes it, however `body` ends.
func withStore<Answer>(
    in directory: String,
    mode: SQLiteStore.Mode = .serve,
    retention: Retention = .standard,
    settings: SQLiteSettings = .standard,
    onFatal: @escaping @Sendable (StoreError) -> Void = { _ in },
    _ body: (SQLiteStore) async throws -> Answer
) async throws -> Answer {
    let store = try await SQLiteStore.open(
        directory: directory,
        mode: mode,
        retention: retention,
        settings: settings,
        onFatal: onFatal
    )
    do {
        let answer = try await body(store)
        await store.close()
        return answer
    } catch {
        await store.close()
        throw error
    }
}

/// Opens a store in a directory of its own.
func withStore<Answer>(
    settings: SQLiteSettings = .standard,
    _ body: (SQLiteStore) async throws -> Answer
) async throws -> Answer {
    try await withDirectory { directory in try await withStore(in: directory, settings: settings, body) }
}

/// Changes the file behind the store's back, while no store has it.
func withFile(in directory: String, _ body: @Sendable (Database) throws -> Void) async throws {
    let file = try DatabaseQueue(path: "\(directory)/sluice.db")
    try await file.writeWithoutTransaction(body)
    try file.close()
}

/// The error that opening the store throws; nil when it opens.
func openingError(
    _ directory: String,
    mode: SQLiteStore.Mode = .serve,
    settings: SQLiteSettings = .standard
) async -> StoreError? {
    do throws(StoreError) {
        let store = try await SQLiteStore.open(
            directory: directory,
            mode: mode,
            retention: .standard,
            settings: settings
        )
        await store.close()
        return nil
    } catch {
        return error
    }
}

/// The error of an operation; nil when it succeeds.
func storeError(_ body: () async throws(StoreError) -> Void) async -> StoreError? {
    do throws(StoreError) {
        try await body()
        return nil
    } catch {
        return error
    }
}

extension NewJob {
    static func example(
        owner: String = "ada",
        model: String = "gpt",
        at milliseconds: Int64 = 1_900_000_000_000,
        key: String? = nil,
        body: [UInt8] = Array(#"{"prompt":"Hi"}"#.utf8)
    ) -> NewJob {
        let now = Timestamp(milliseconds: milliseconds)
        return NewJob(
            .asked(by: OwnerID(rawValue: owner), .chat, model: model),
            id: .generate(at: now),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: .retry),
            createdAt: now,
            runAt: now,
            fingerprint: Array(repeating: 7, count: 32),
            idempotencyKey: key,
            input: JobInput(body: body)
        )
    }
}

extension Timestamp {
    static let later = Timestamp(milliseconds: 1_900_000_060_000)
}

extension BootID {
    static let mine = BootID(rawValue: "00000000000000aa")
}

extension AttemptStart {
    static let example = AttemptStart(
        row: "alpha",
        credential: nil,
        model: "gpt",
        configHash: String(repeating: "0", count: 64),
        startedAt: .later
    )
}

extension Success {
    static let example = Success(
        report: AttemptReport(endedAt: .later, entry: LedgerEntry(told: Usage(promptTokens: 3, completionTokens: 4))),
        output: AttemptOutput(log: [1, 2, 3], text: "Hello", complete: true),
        body: [4, 5],
        finish: "stop"
    )
}

/// Keeps the writer busy until it is opened, so that what comes meanwhile makes one batch.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let reached = Atomic(false)

    var isReached: Bool { reached.load(ordering: .acquiring) }

    func wait() {
        reached.store(true, ordering: .releasing)
        semaphore.wait()
    }

    func open() { semaphore.signal() }
}

/// Waits at a gate on the writer's thread.
struct WaitAtGate: WriteOperation {
    var gate: Gate

    func run(_ db: Database, _ state: inout WriterState) throws {
        gate.wait()
    }
}

/// Writes what a CHECK forbids.
struct BreakRule: WriteOperation {
    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("UPDATE job SET failures = 7")
    }
}

/// Lets the database have no more pages than it has, or any number again.
struct LimitPages: WriteOperation {
    var pages: Int64?

    func run(_ db: Database, _ state: inout WriterState) throws {
        let sql = pages == nil ? "PRAGMA max_page_count = 1000000000" : "PRAGMA max_page_count = 1"
        _ = try db.pragma(sql)
    }
}

/// Runs any statement and answers its first number.
struct Ask: WriteOperation {
    var sql: String

    func run(_ db: Database, _ state: inout WriterState) throws -> Int64 {
        try db.pragma(sql)
    }
}

/// Counts commits, and lets them fail when told so.
final class Commits: Sendable {
    private let state = Mutex<(count: Int, fault: SQLiteSettings.CommitFault?)>((0, nil))

    var count: Int { state.withLock { $0.count } }

    func fail(_ fault: SQLiteSettings.CommitFault?) {
        state.withLock { $0.fault = fault }
    }

    var settings: SQLiteSettings {
        var settings = SQLiteSettings.standard
        settings.commitFault = { [self] in
            state.withLock { state in
                state.count += 1
                return state.fault
            }
        }
        return settings
    }
}

/// The size of a file; nil where there is none.
func size(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
}

/// Which file stands under a name; nil where there is none.
func number(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber]) as? Int
}

extension Database {
    /// How many steps SQLite's machine took for the statements of this connection since this was last asked.
    func takeSteps() -> Int64 {
        var steps: Int64 = 0
        var next = unsafe sqlite3_next_stmt(sqliteConnection, nil)
        while let statement = unsafe next {
            steps += Int64(unsafe sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
            unsafe next = sqlite3_next_stmt(sqliteConnection, statement)
        }
        return steps
    }
}
