import GRDB
import GRDBSQLite

extension Database {
    /// Writes the bytes of the WAL over themselves and flushes them.
    ///
    /// After a failed flush the kernel counts pages as clean that the device never got: a later process reads them, and
    /// no flush of its own would bring them there. A checkpoint would then move them into the database while the device
    /// has an older WAL, and after a power cut that WAL would be laid over the newer database. Once written anew, what
    /// is read is what the device has.
    ///
    /// It goes through SQLite's own file, since closing another one would end SQLite's locks (see "How To Corrupt An
    /// SQLite Database File", 2.2). Nobody else may have the database open.
    func rewriteWAL() throws {
        // The WAL is opened by the first read.
        _ = try pragma("SELECT count(*) FROM sqlite_schema")
        var found: UnsafeMutablePointer<sqlite3_file>?
        let code = unsafe withUnsafeMutablePointer(to: &found) { place in
            unsafe sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, place)
        }
        try check(code)
        guard let file = unsafe found, let methods = unsafe file.pointee.pMethods else { return }
        var size: sqlite3_int64 = 0
        try check(unsafe methods.pointee.xFileSize(file, &size))
        guard size > 0 else { return }
        // SQLite's VFS takes no more than 131,071 bytes at a time.
        let piece: sqlite3_int64 = 1 << 16
        var bytes = [UInt8](repeating: 0, count: Int(min(piece, size)))
        for offset in stride(from: 0, to: size, by: Int(piece)) {
            let count = Int32(min(piece, size - offset))
            let code = unsafe bytes.withUnsafeMutableBytes { buffer in
                let code = unsafe methods.pointee.xRead(file, buffer.baseAddress, count, offset)
                return unsafe code == SQLITE_OK
                    ? methods.pointee.xWrite(file, buffer.baseAddress, count, offset) : code
            }
            try check(code)
        }
        try check(unsafe methods.pointee.xSync(file, SQLITE_SYNC_NORMAL))
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "the WAL could not be written anew")
        }
    }
}
