import GRDB
import SluiceStore

extension StoreError {
    /// What an error of SQLite means to the store's users.
    ///
    /// Only its code and SQLite's own words are kept: the statement's values may be a prompt.
    init(_ error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unavailable, "the database failed in an unknown way; see the log and try again")
            return
        }
        let detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no details")"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.full, "the disk is full (\(detail)); make room, nothing else is needed")
        case .SQLITE_CORRUPT:
            self.init(.corrupt, "the database is damaged (\(detail)); stop sluice and restore a backup")
        case .SQLITE_NOTADB:
            self.init(.schema, "sluice.db is no database; name another --data directory or restore a backup")
        case .SQLITE_READONLY:
            self.init(
                .unavailable,
                "nothing may be written in the data directory (\(detail)); run this as the user that runs the server, where the "
                    + "directory is not mounted read-only"
            )
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_RANGE, .SQLITE_TOOBIG:
            self.init(.corrupt, "a rule of the database refused a write (\(detail)); report it, this is a defect")
        default:
            self.init(.unavailable, "the database can't be used now (\(detail)); check the disk and try again")
        }
    }

    /// While the disk is full, and before it is tried.
    static let full = StoreError(.full, "the disk is full; make room, nothing else is needed")

    static func isFull(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_FULL
    }

    static func isInputOutput(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_IOERR
    }

    /// Whether a flush of the file or of its directory failed.
    static func isFailedFlush(_ error: any Error) -> Bool {
        let code = (error as? DatabaseError)?.extendedResultCode
        return code == .SQLITE_IOERR_FSYNC || code == .SQLITE_IOERR_DIR_FSYNC
    }
}
