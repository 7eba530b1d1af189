package import SluiceStore

extension SQLiteStore {
    package func backup(
        to path: String,
        onProgress: @escaping @Sendable (BackupProgress) -> Void
    ) async throws(StoreError) -> BackupReport {
        if let broken { throw broken }
        return try await longReads.perform { read in
            try BackupWork(path: path, read: read, onProgress: onProgress).run()
        }.get()
    }
}
