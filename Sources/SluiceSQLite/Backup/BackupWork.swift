import GRDB
import Glibc
import SluiceStore
import SluiceTypes

/// The making of a backup: copied page by page in one read transaction, proved, and only then named.
///
/// Why so: `docs/decisions/0013-a-backup-is-one-read-transaction.md`.
struct BackupWork {
    let path: String
    let read: LongRead
    let onProgress: @Sendable (BackupProgress) -> Void

    /// Pages between two looks at whether to go on: 1 MiB.
    private static let step: Int32 = 256

    /// What a copy has to have in common with its store.
    private struct Identity: Equatable {
        var applicationID: Int64
        var schema: Int64
        var pageSize: Int64
        var autoVacuum: Int64
        var pages: Int64

        init(_ db: Database) throws {
            applicationID = try db.pragma("PRAGMA application_id")
            schema = try db.pragma("PRAGMA user_version")
            pageSize = try db.pragma("PRAGMA page_size")
            autoVacuum = try db.pragma("PRAGMA auto_vacuum")
            pages = try db.pragma("PRAGMA page_count")
        }

        var bytes: Int64 { pages * pageSize }
    }

    /// - Throws: ``StoreError``; nothing is left of the copy then.
    func run() throws -> BackupReport {
        let file = try NewFile(at: path)
        let identity = try copy(into: file)
        let jobs = try prove(file, identity)
        try read.checkStopped()
        let report = BackupReport(path: path, bytes: file.size, schema: identity.schema, jobs: jobs)
        try file.publish()
        return report
    }

    private func copy(into file: borrowing NewFile) throws -> Identity {
        let target = try DatabaseQueue(path: file.draft, configuration: .copy)
        // A copy that failed is taken away.
        defer { try? target.close() }
        let directory = file.directory
        do {
            return try target.writeWithoutTransaction { target in
                let identity = try read.snapshot { db in
                    let identity = try Identity(db)
                    try checkRoom(in: directory, for: identity.bytes)
                    var pace = Pace()
                    try db.backup(to: target, pagesPerStep: BackupWork.step) { progress in
                        try read.checkStopped()
                        let rest = Int64(progress.remainingPageCount) * identity.pageSize
                        onProgress(
                            BackupProgress(.copying, doneBytes: identity.bytes - rest, totalBytes: identity.bytes)
                        )
                        pace.rest()
                    }
                    return identity
                }
                // One file that can be read without making another beside it.
                try target.control("PRAGMA journal_mode = DELETE")
                return identity
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw NewFile.noRoom(path)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
            throw StoreError(
                .unavailable,
                "the copy failed (SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no details")); check "
                    + "the disk of \(directory) and that of the store"
            )
        }
    }

    private func checkRoom(in directory: String, for bytes: Int64) throws(StoreError) {
        var facts = statvfs()
        guard unsafe statvfs(directory, &facts) == 0 else { return }
        let room = Int64(clamping: facts.f_bavail).multipliedReportingOverflow(by: Int64(clamping: facts.f_frsize))
        guard !room.overflow, room.partialValue < bytes else { return }
        throw NewFile.noRoom(path)
    }

    /// Opens the copy as a restore would, and looks at it.
    private func prove(_ file: borrowing NewFile, _ identity: Identity) throws -> [JobState: Int] {
        onProgress(BackupProgress(.checking, doneBytes: 0, totalBytes: identity.bytes))
        let connection = try DatabaseQueue(path: file.draft, configuration: .longRead())
        return try read.using(connection) { db in
            guard try Identity(db) == identity else {
                throw StoreError(
                    .corrupt,
                    "the copy is not like the store; try again, and report it if it happens again"
                )
            }
            if let damage = try Checker.damage(of: db, thorough: false).first {
                throw StoreError(
                    .corrupt,
                    "the store is damaged, and so is its copy, which was not kept (\(damage)); run `sluice check`, and "
                        + "restore an older backup"
                )
            }
            return try db.jobCounts().byState
        }
    }
}

extension Configuration {
    /// Writes a new file that is thrown away if anything fails: no journal, and one flush, at the end and not by SQLite.
    fileprivate static var copy: Configuration {
        var configuration = Configuration()
        configuration.label = "sluice-copy"
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.control("PRAGMA journal_mode = OFF")
            try db.control("PRAGMA synchronous = OFF")
            try db.control("PRAGMA cache_size = -4096")
            try db.control("PRAGMA mmap_size = 0")
        }
        return configuration
    }
}
