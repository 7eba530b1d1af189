#if DEBUG
package import SluiceTypes
#else
import SluiceTypes
#endif

/// What can be set about an ``SQLiteStore``; users take ``standard``.
package struct SQLiteSettings: Sendable {
    /// How SQLite waits for the device at a commit.
    package enum Synchronous: String, Sendable {
        case full = "FULL"
        /// Commits without a flush, so that an acknowledgement means nothing: the store refuses to open so.
        case normal = "NORMAL"
    }

    /// What a test can let happen at a commit, in place of a disk that fails.
    package enum CommitFault: Sendable {
        /// An I/O error, and nothing was written.
        case before
        /// An I/O error after all was written.
        case after
        /// The flush failed.
        case flush
    }

    package var synchronous = Synchronous.full
    package var readers = 4
    /// The most operations, and the most bytes of payload, in one transaction.
    package var batchOperations = 256
    package var batchBytes = 8 << 20
    /// How long operations that come together may wait for more of them before they are committed.
    package var longestCommitDelay = Duration.milliseconds(1)
    /// How many pages of 4 KiB may wait in the WAL before the writer moves them into the database.
    package var checkpointPages = 2048
    /// How many pages make an idle writer do so.
    package var idleCheckpointPages = 256
    /// How long the WAL may get before the writer waits for its readers, to begin it anew.
    package var walPages = 16_384
    /// How long it may get, 4 GiB, before a read of the whole store is ended for it.
    package var longestWALPages = 1_048_576
    /// How many bytes on the disk are set aside for what makes room when it is full; 0 for none.
    package var reserve = 0
    /// Asked before every commit.
    package var commitFault: (@Sendable () -> CommitFault?)?

    #if DEBUG
    /// Guards that this store does without, so that a suite can be seen to notice.
    package var leftOut: Set<Promise> = []
    #endif

    /// Whether a guard is in place.
    func holds(_ guard: Promise) -> Bool {
        #if DEBUG
        `guard`.holds && !leftOut.contains(`guard`)
        #else
        true
        #endif
    }

    package static let standard = SQLiteSettings()
}
