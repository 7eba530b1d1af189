package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    /// Puts a backup into a data directory that does not exist or is empty.
    ///
    /// - Throws: ``StoreError``: `refused` for a directory that is not empty and a file that is no backup, `schema` for a
    ///   file of another program or a newer version, `corrupt` for a damaged one, `full` without room. Nothing is left in
    ///   the directory then.
    package static func restore(_ path: String, into directory: String) async throws(StoreError) -> RestoreReport {
        try await onThread(named: "sluice-restore") { () throws(StoreError) in
            try Restoring(source: StoreFile(path: path), directory: directory).run()
        }
    }
}

/// A backup that was put into a data directory.
package struct RestoreReport: Sendable, Hashable {
    package var directory: String
    package var bytes: Int64
    /// The version of its tables; the next start lifts an older one.
    package var schema: Int64
    package var jobs: [JobState: Int]
    /// How many of those that ran when the backup was made are run again.
    package var runAgain: Int
    /// How many of them are put aside as dead, because an unknown outcome is to be looked at (`onUnknown`) or because they
    /// were interrupted too often.
    package var putAside: Int
}
