import GRDB
import GRDBSQLite
import SluiceStore
import SluiceTypes

/// One row of an answer, read column by column from the left.
///
/// It is valid only while its statement stands on that row. A column of another type than asked for reads as zero or
/// empty, as SQLite converts it; nothing here can trap.
struct RowReader {
    private let statement: Statement
    private var column: Int32 = 0

    init(_ statement: Statement) {
        self.statement = statement
    }

    private mutating func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    private var nextIsNull: Bool {
        unsafe sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
    }

    mutating func int64() -> Int64 {
        unsafe sqlite3_column_int64(statement.sqliteStatement, next())
    }

    mutating func int() -> Int { Int(truncatingIfNeeded: int64()) }

    mutating func bool() -> Bool { int64() != 0 }

    mutating func time() -> Timestamp { Timestamp(milliseconds: int64()) }

    mutating func text() -> String {
        let index = next()
        // The text first: asking for its length converts nothing then.
        guard let start = unsafe sqlite3_column_text(statement.sqliteStatement, index) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(statement.sqliteStatement, index))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    mutating func bytes() -> [UInt8] { unsafe Array(blob()) }

    /// The bytes where they are; SQLite keeps them until the statement moves on.
    private mutating func blob() -> UnsafeRawBufferPointer {
        let index = next()
        // The bytes first: asking for their length converts nothing then.
        let start = unsafe sqlite3_column_blob(statement.sqliteStatement, index)
        let count = unsafe Int(sqlite3_column_bytes(statement.sqliteStatement, index))
        return unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// Reads the next column with `read`; nil for NULL.
    mutating func optional<Value, Failure: Error>(
        _ read: (inout RowReader) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        guard !nextIsNull else {
            column += 1
            return nil
        }
        return try read(&self)
    }

    /// Passes over columns that belong to something that is not there.
    mutating func skip(_ count: Int32) {
        column += count
    }

    /// - Throws: ``StoreError`` for a text that is none of the words.
    mutating func word<Word: RawRepresentable<String>>(
        _ type: Word.Type = Word.self
    ) throws(StoreError) -> Word {
        let text = text()
        guard let word = Word(rawValue: text) else {
            throw StoreError(
                .corrupt,
                "the store holds a \(Word.self) that this version does not know; run `sluice check`"
            )
        }
        return word
    }

    /// - Throws: ``StoreError`` for anything but 16 bytes.
    mutating func jobID() throws(StoreError) -> JobID {
        guard let id = jobIDIfValid() else {
            throw StoreError(.corrupt, "the database holds a job without a valid id; restore a backup")
        }
        return id
    }

    /// Nil for NULL, and for anything but 16 bytes.
    mutating func jobIDIfValid() -> JobID? { unsafe JobID(bytes: blob()) }
}
