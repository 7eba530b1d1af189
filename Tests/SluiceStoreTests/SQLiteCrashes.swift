import Foundation
import SluiceStore
import Synchronization

@testable import SluiceSQLite

/// Opens a store in a directory of its own, and kills it as a process dies: nothing is closed, only the files are left.
final class SQLiteCrashes: Sendable {
    private let root: String
    private let state = Mutex<(store: SQLiteStore?, directories: Int)>((nil, 0))

    fileprivate init(root: String) {
        self.root = root
    }

    /// How many crashes there were.
    var count: Int { state.withLock { max($0.directories - 1, 0) } }

    var open: @Sendable (Retention) async throws -> any Store {
        { [self] retention in try await open(retention, in: newDirectory()) }
    }

    /// Opens a copy of the files as they lie there, half of the time with the beginning of a commit behind the last one.
    var crash: @Sendable (any Store, Retention, UInt64) async throws -> any Store {
        { [self] _, retention, random in
            let old = state.withLock { $0 }
            let directory = newDirectory()
            try copyFiles(from: path(old.directories), to: directory)
            if random % 2 == 0 { try tear("\(directory)/sluice.db-wal", random) }
            let store = try await open(retention, in: directory)
            await old.store?.close()
            try FileManager.default.removeItem(atPath: path(old.directories))
            return store
        }
    }

    fileprivate func close() async {
        await state.withLock { $0.store }?.close()
    }

    private func open(_ retention: Retention, in directory: String) async throws -> SQLiteStore {
        let store = try await SQLiteStore.open(directory: directory, mode: .serve, retention: retention)
        state.withLock { $0.store = store }
        return store
    }

    private func path(_ number: Int) -> String { "\(root)/\(number)" }

    private func newDirectory() -> String {
        path(
            state.withLock { state in
                state.directories += 1
                return state.directories
            }
        )
    }

    /// No operation is under way, so nothing is written but by a checkpoint, which leaves the WAL as it is: with it the
    /// copy is whole, wherever the checkpoint stands.
    ///
    /// The index of the WAL lives in shared memory and dies.
    private func copyFiles(from old: String, to new: String) throws {
        try FileManager.default.createDirectory(
            atPath: new,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        for name in ["sluice.db", "sluice.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(old)/\(name)", toPath: "\(new)/\(name)")
        }
    }

    private func tear(_ path: String, _ random: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let end = try file.seekToEnd()
        guard end > 0 else { return try file.close() }
        // Frames begin with a page's number; these have the form of one and not its checksum.
        let bytes = (0..<Int(random >> 8 % 9000)).map { UInt8(truncatingIfNeeded: random >> ($0 % 57)) }
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}

/// Hands over a place for stores that crash, and closes what is left.
func withCrashes(_ body: (SQLiteCrashes) async throws -> Void) async throws {
    try await withLightDirectory { directory in
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let crashes = SQLiteCrashes(root: directory)
        do {
            try await body(crashes)
        } catch {
            await crashes.close()
            throw error
        }
        await crashes.close()
    }
}
