import GRDB
import GRDBSQLite
import SluiceStore
import SluiceTypes

/// A value that a statement's parameter takes as it is.
///
/// GRDB's own arguments go through an array, an enum and `Data` for every byte string; a submission binds some thirty
/// values, so they are handed to SQLite directly.
protocol SQLiteValue {
    /// Binds the value and answers SQLite's result code.
    func bind(to statement: Statement, at index: Int32) -> Int32
}

/// Tells SQLite to copy the bytes before the call returns.
private var transient: sqlite3_destructor_type? {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Int64: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        unsafe sqlite3_bind_int64(statement.sqliteStatement, index, self)
    }
}

extension Int: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        Int64(self).bind(to: statement, at: index)
    }
}

extension Bool: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        Int64(self ? 1 : 0).bind(to: statement, at: index)
    }
}

extension Timestamp: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        milliseconds.bind(to: statement, at: index)
    }
}

extension String: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            // A null pointer would bind NULL.
            guard let start = bytes.baseAddress else {
                return unsafe sqlite3_bind_text(statement.sqliteStatement, index, "", 0, transient)
            }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                unsafe sqlite3_bind_text64(
                    statement.sqliteStatement,
                    index,
                    start,
                    UInt64(bytes.count),
                    transient,
                    UInt8(SQLITE_UTF8)
                )
            }
        }
    }
}

extension [UInt8]: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        unsafe withUnsafeBytes { unsafe $0.bind(to: statement, at: index) }
    }
}

extension JobID: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        unsafe withUnsafeBytes { unsafe $0.bind(to: statement, at: index) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bind(to statement: Statement, at index: Int32) -> Int32 {
        // A null pointer would bind NULL.
        guard let start = baseAddress, unsafe !isEmpty else {
            return unsafe sqlite3_bind_zeroblob(statement.sqliteStatement, index, 0)
        }
        return unsafe sqlite3_bind_blob64(statement.sqliteStatement, index, start, UInt64(count), transient)
    }
}

extension Optional: SQLiteValue where Wrapped: SQLiteValue {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(to: statement, at: index)
        case .none: unsafe sqlite3_bind_null(statement.sqliteStatement, index)
        }
    }
}

extension SQLiteValue where Self: RawRepresentable, RawValue == String {
    func bind(to statement: Statement, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension AttemptOutcome: SQLiteValue {}
extension BootID: SQLiteValue {}
extension ErrorClass: SQLiteValue {}
extension RequestFormat: SQLiteValue {}
extension JobEntry: SQLiteValue {}
extension JobState: SQLiteValue {}
extension Lane: SQLiteValue {}
extension LedgerCost.State: SQLiteValue {}
extension LedgerPrice.Origin: SQLiteValue {}
extension OnUnknown: SQLiteValue {}
extension SluiceTypes.Operation: SQLiteValue {}
extension OwnerID: SQLiteValue {}
extension Surface: SQLiteValue {}
extension TokenID: SQLiteValue {}
extension UsageBasis: SQLiteValue {}
