import GRDB
import Glibc
import SluiceStore
import SluiceTypes

/// The way of a backup into an empty data directory.
struct Restoring: Sendable {
    let source: StoreFile
    let directory: String

    /// - Throws: ``StoreError``; the directory is as it was then.
    func run() throws(StoreError) -> RestoreReport {
        let claim = try source.claim()
        defer { claim?.release() }
        _ = try source.header(version: Migration.current.version)
        let isNew = try findDirectory()
        do {
            return try fill()
        } catch {
            if isNew { unsafe rmdir(directory) }
            throw error
        }
    }

    /// True when it was made.
    private func findDirectory() throws(StoreError) -> Bool {
        if unsafe mkdir(directory, 0o700) == 0 { return true }
        let problem = errno
        guard problem == EEXIST else {
            throw StoreError(
                .refused,
                "\(directory) can't be made: \(Files.reason(problem)); make it, or name another --data"
            )
        }
        guard let names = Files.names(in: directory) else {
            throw StoreError(.refused, "\(directory) is no directory that can be read; name another --data")
        }
        // A new file system has that one.
        guard names.allSatisfy({ $0 == "lost+found" }) else {
            throw StoreError(
                .refused,
                "\(directory) is not empty, and nothing in it is touched; name a directory that does not exist or is empty"
            )
        }
        return false
    }

    private func fill() throws(StoreError) -> RestoreReport {
        let lock = try StoreLock.take(in: directory)
        defer { lock.release() }
        do {
            let file = try NewFile(at: "\(directory)/sluice.db")
            try copy(into: file)
            let report = try prove(file)
            guard unsafe chmod(directory, 0o700) == 0 else { throw StoreError(cantOpen: directory, errno) }
            try file.publish()
            Files.flushDirectory("\(directory)/..")
            return report
        } catch {
            unsafe unlink("\(directory)/lock")
            throw StoreError(error)
        }
    }

    private func copy(into target: borrowing NewFile) throws(StoreError) {
        let file = unsafe open(source.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw source.cantRead(errno) }
        defer { close(file) }
        try Files.read(file, problem: source.cantRead) { bytes throws(StoreError) in try target.append(bytes) }
    }

    /// Looks at what has arrived, not at what was read: the way is looked at too.
    private func prove(_ file: borrowing NewFile) throws -> RestoreReport {
        let traces = SideFiles(of: file.draft)
        defer { traces.remove() }
        let bytes = file.size
        do {
            let connection = try DatabaseQueue(path: file.draft, configuration: .longRead())
            // There is nothing to save.
            defer { try? connection.close() }
            return try connection.writeWithoutTransaction { db in
                if let damage = try Checker.damage(of: db, thorough: true).first { throw damaged(damage) }
                let (again, aside) = try running(db)
                return RestoreReport(
                    directory: directory,
                    bytes: bytes,
                    schema: try db.pragma("PRAGMA user_version"),
                    jobs: try db.jobCounts().byState,
                    runAgain: again,
                    putAside: aside
                )
            }
        } catch let error as DatabaseError {
            throw damaged(error.message ?? "SQLite can't read it")
        }
    }

    /// What the next start does with the jobs that ran: see ``RescueOrphans``.
    private func running(_ db: Database) throws -> (again: Int, aside: Int) {
        let counts = try db.first(
            """
            SELECT count(*), count(*) FILTER (WHERE on_unknown = 'deadLetter' OR interrupts + 1 >= ?1)
            FROM job WHERE state = 'running'
            """,
            JobLimits.interrupts
        ) { row in (all: row.int(), aside: row.int()) }
        guard let counts else { return (0, 0) }
        return (counts.all - counts.aside, counts.aside)
    }

    private func damaged(_ how: String) -> StoreError {
        StoreError(.corrupt, "\(source.path) is damaged (\(how)); restore another backup")
    }
}
