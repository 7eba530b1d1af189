import GRDB
package import SluiceStore

extension SQLiteStore {
    /// Looks at the store in `directory` while no process has it, and leaves every byte of it as it is.
    ///
    /// - Throws: ``StoreError``: `locked` when a process has it, `schema` when it is not of this version.
    package static func check(directory: String) async throws(StoreError) -> CheckReport {
        try await onThread(named: "sluice-check") { () throws(StoreError) in
            let path = "\(directory)/sluice.db"
            let isStill = StillDatabase.isStill(directory)
            guard isStill || Files.exists(path),
                let lock = try isStill
                    ? StoreLock.share(in: directory, database: path) : StoreLock.take(in: directory)
            else {
                throw StoreError(.schema, "there is no store in \(directory); name another --data directory")
            }
            defer { lock.release() }
            let traces = SideFiles(of: path)
            defer { if !isStill { traces.remove() } }
            return try report {
                try isStill
                    ? StillDatabase(path: path).open(Configuration.longRead)
                    : DatabaseQueue(path: path, configuration: .longRead())
            } preparing: { db in
                try Schema(directory: directory, mayChange: false).prepare(db)
            }
        }
    }

    /// Looks at a backup.
    ///
    /// - Throws: ``StoreError``: `refused` for a file that is none, `schema` for one of another program or version.
    package static func check(file path: String) async throws(StoreError) -> CheckReport {
        try await onThread(named: "sluice-check") { () throws(StoreError) in
            let file = StoreFile(path: path)
            let lock = try file.claim()
            defer { lock?.release() }
            let header = try file.header(version: Migration.current.version)
            guard !header.usesWAL else {
                throw StoreError(
                    .refused,
                    "\(path) is a store's own file and no backup; give its directory to --data, or restore it into an "
                        + "empty directory and check that"
                )
            }
            return try report {
                try DatabaseQueue(path: path, configuration: .longRead())
            } preparing: { _ in
            }
        }
    }

    private static func report(
        _ open: () throws -> DatabaseQueue,
        preparing prepare: (Database) throws -> Void
    ) throws(StoreError) -> CheckReport {
        do {
            let connection = try open()
            // There is nothing to save.
            defer { try? connection.close() }
            return try connection.writeWithoutTransaction { db in
                try prepare(db)
                try db.control("BEGIN DEFERRED TRANSACTION")
                defer { _ = db.abandonTransaction() }
                return try Checker.report(on: db)
            }
        } catch {
            throw StoreError(error)
        }
    }
}
