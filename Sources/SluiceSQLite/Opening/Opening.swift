import GRDB
import Logging
import SluiceStore
import SluiceTypes

/// A database that is ready for its store.
struct OpenedDatabase: Sendable {
    let directory: String
    let lock: StoreLock
    let writer: DatabaseQueue
    /// How the writer waits for others.
    let locks: LockWait
    let readers: [DatabaseQueue]
    let room: DiskRoom
    /// Opens a connection for a read of the whole store.
    let openLongRead: @Sendable () throws -> DatabaseQueue
    /// The store's own; see ``Store/secret``.
    let secret: [UInt8]
    /// See ``SQLiteStore/isStill``.
    var isStill = false
}

/// The way from a directory's name to a database that may be trusted with an acknowledgement.
struct Opening: Sendable {
    let directory: String
    let mode: SQLiteStore.Mode
    let settings: SQLiteSettings
    let logger: Logger

    private var path: String { "\(directory)/sluice.db" }

    /// Runs all steps; it blocks.
    ///
    /// - Throws: ``StoreError`` for the first that fails; nothing stays open then.
    func run() throws(StoreError) -> OpenedDatabase {
        if mode == .offline, StillDatabase.isStill(directory) { return try openStill() }
        let mayMake = try findDirectory()
        let lock = try StoreLock.take(in: directory)
        do {
            if mayMake {
                try Files.makePrivateFile(path)
                Files.flushDirectory(directory)
                Files.flushDirectory("\(directory)/..")
            }
            try closeToOthers()
            try lock.hold(database: path, in: directory)
            makeRoom()
            if settings.holds(.walWrittenAnew) { try renewWAL() }
            let locks = LockWait(path: path, logger: logger)
            let writer = try openWriter(mayMake: mayMake, locks)
            return OpenedDatabase(
                directory: directory,
                lock: lock,
                writer: writer,
                locks: locks,
                readers: try openReaders(),
                room: room(),
                openLongRead: { [path] in try DatabaseQueue(path: path, configuration: .longRead()) },
                secret: try writer.writeWithoutTransaction(readSecret)
            )
        } catch {
            lock.release()
            throw StoreError(error)
        }
    }

    /// Opens the store where nothing may be written: it can be read, and every write is refused.
    private func openStill() throws(StoreError) -> OpenedDatabase {
        guard let lock = try StoreLock.share(in: directory, database: path) else { throw noStore }
        do {
            let database = StillDatabase(path: path)
            let writer = try database.open(Configuration.reader)
            let secret = try writer.writeWithoutTransaction { db in
                try Schema(directory: directory, mayChange: false).prepare(db)
                return try readSecret(db)
            }
            return OpenedDatabase(
                directory: directory,
                lock: lock,
                writer: writer,
                locks: LockWait(path: path, logger: logger),
                readers: [try database.open(Configuration.reader)],
                room: DiskRoom(reserve, .plenty, logger),
                openLongRead: { try database.open(Configuration.longRead) },
                secret: secret,
                isStill: true
            )
        } catch {
            lock.release()
            throw StoreError(error)
        }
    }

    private func readSecret(_ db: Database) throws -> [UInt8] {
        let secret = try db.first("SELECT secret FROM meta WHERE id = 1") { row in row.bytes() }
        guard let secret else {
            throw StoreError(.corrupt, "\(path) has lost its secret (the table meta); restore a backup")
        }
        return secret
    }

    private var noStore: StoreError {
        StoreError(
            .schema,
            "there is no store in \(directory); name another directory with --data or SLUICE_DATA, or start `sluice serve` once"
        )
    }

    // MARK: Room

    private var reserve: DiskReserve { DiskReserve(in: directory, size: settings.reserve) }

    /// Gives the reserve back where the start may need it.
    private func makeRoom() {
        guard mode == .serve, reserve.isKnown else { return }
        if settings.reserve == 0 { return reserve.forget() }
        if !reserve.isHeld || !reserve.hasRoom { reserve.giveBack() }
    }

    /// Sets the reserve aside, now that all that a start writes is written.
    private func room() -> DiskRoom {
        guard mode == .serve, settings.reserve > 0, !reserve.take() else { return DiskRoom(reserve, .plenty, logger) }
        guard !reserve.isKnown else { return DiskRoom(reserve, .scarce, logger) }
        logger.warning(
            "there is no room to set some aside: when the disk is full, nothing can be deleted",
            metadata: ["reserve": "\(settings.reserve)"]
        )
        return DiskRoom(reserve, .little, logger)
    }

    // MARK: The way

    /// True where a store may be made in it.
    private func findDirectory() throws(StoreError) -> Bool {
        var mayMake = mode == .serve
        if !mayMake, !Files.exists(path) {
            // A start that came to nothing leaves its lock.
            let isEmpty =
                !Files.exists(directory)
                || Files.names(in: directory)?.allSatisfy { ["lock", DiskReserve.name].contains($0) } == true
            guard mode == .offlineOrNew, isEmpty else { throw noStore }
            mayMake = true
        }
        if mayMake { try Files.makePrivateDirectory(directory) }
        if let mode = Files.mode(directory), mode & 0o077 != 0 {
            logger.warning(
                "others may enter the data directory; run chmod 700 on it",
                metadata: ["path": "\(directory)"]
            )
        }
        return mayMake
    }

    /// SQLite gives a new WAL the mode of its database; one that is left over keeps its own.
    private func closeToOthers() throws(StoreError) {
        for file in [path, "\(path)-wal", "\(path)-shm"] where Files.exists(file) { try Files.makePrivateFile(file) }
    }

    private func openWriter(mayMake: Bool, _ locks: LockWait) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "sluice"
        configuration.busyMode = .callback { tries in locks.goOn(after: tries) }
        configuration.foreignKeysEnabled = false
        let writer = try DatabaseQueue(path: path, configuration: configuration)
        try writer.writeWithoutTransaction { db in
            let schema = Schema(directory: directory, mayChange: mayMake)
            try schema.prepare(db)
            try durability.set(db)
            try durability.check(db)
            try schema.migrate(db)
            try recover(db)
        }
        return writer
    }

    /// Renews the WAL where there is room.
    ///
    /// A full disk can still be read: without room for the copy the store opens all the same. What is missed then counts only
    /// where the last process ended with a failed flush and the power goes before the next whole checkpoint.
    private func renewWAL() throws(StoreError) {
        do {
            try Files.renew("\(path)-wal", in: directory)
        } catch {
            guard error.code == .full else { throw error }
            logger.warning(
                "there was no room to write the WAL anew: if the last run ended with exit code 75, make room and start again",
                metadata: ["path": "\(path)-wal"]
            )
        }
    }

    private var durability: Durability {
        Durability(synchronous: settings.synchronous, isFlushed: settings.holds(.fullFlush))
    }

    /// What the last process left in the WAL may stand in the page cache alone: it is written and flushed anew before
    /// anything is told of it.
    private func recover(_ db: Database) throws {
        guard settings.holds(.walTakenInAtStart) else { return }
        let answer: CheckpointAnswer
        do { answer = try CheckpointAnswer(db, "PRAGMA wal_checkpoint(TRUNCATE)") } catch {
            guard StoreError.isFull(error) else { throw error }
            logger.warning(
                "there was no room to take in the last run's WAL, so what it holds is read from it: make room",
                metadata: ["path": "\(path)-wal"]
            )
            return
        }
        guard !answer.isBusy else {
            let locks = ForeignLock.all(on: path)
            throw StoreError(
                .unavailable,
                "the last run's WAL can't be taken in: another program has \(path) open"
                    + "\(locks.isEmpty ? "" : ": \(locks.described)"); stop it and start again"
            )
        }
    }

    private func openReaders() throws -> [DatabaseQueue] {
        try (0..<settings.readers).map { _ in try DatabaseQueue(path: path, configuration: .reader()) }
    }
}
