import GRDB
import GRDBSQLite

extension Database {
    /// Runs a statement to its end; answers how many rows it changed.
    @discardableResult
    func run<each Value: SQLiteValue>(_ sql: String, _ values: repeat each Value) throws -> Int {
        let statement = try bound(sql, repeat each values)
        while try step(statement) {}
        return Int(unsafe sqlite3_changes(sqliteConnection))
    }

    /// The first row of an answer; nil for none.
    ///
    /// The statement is run to its end.
    func first<Value, each Parameter: SQLiteValue>(
        _ sql: String,
        _ values: repeat each Parameter,
        read: (inout RowReader) throws -> Value
    ) throws -> Value? {
        var found: Value?
        try forEach(sql, repeat each values) { row in
            if found == nil { found = try read(&row) }
            return true
        }
        return found
    }

    /// All rows of an answer.
    func all<Value, each Parameter: SQLiteValue>(
        _ sql: String,
        _ values: repeat each Parameter,
        read: (inout RowReader) throws -> Value
    ) throws -> [Value] {
        var found: [Value] = []
        try forEach(sql, repeat each values) { row in
            found.append(try read(&row))
            return true
        }
        return found
    }

    /// Hands on row after row, as long as `body` wants more; those behind are not read.
    func forEach<each Parameter: SQLiteValue>(
        _ sql: String,
        _ values: repeat each Parameter,
        body: (inout RowReader) throws -> Bool
    ) throws {
        let statement = try bound(sql, repeat each values)
        while try step(statement) {
            var row = RowReader(statement)
            do {
                if try body(&row) { continue }
            } catch {
                reset(statement)
                throw error
            }
            return reset(statement)
        }
    }

    /// The statement, compiled once for each connection, with its parameters in the order given.
    private func bound<each Value: SQLiteValue>(_ sql: String, _ values: repeat each Value) throws -> Statement {
        let statement = try cachedStatement(sql: sql)
        // It was reset behind its last row. The values of its last run are all replaced; one that was not would be a stranger's.
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            let code = value.bind(to: statement, at: index)
            guard code == SQLITE_OK else {
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
            }
        }
        guard unsafe index == sqlite3_bind_parameter_count(statement.sqliteStatement) else {
            throw DatabaseError(
                resultCode: .SQLITE_MISUSE,
                message: "the statement got \(index) values, and has another number of parameters"
            )
        }
        return statement
    }

    /// True while there is a row.
    ///
    /// The statement is reset at its end and after an error, so that it never keeps a read transaction open.
    private func step(_ statement: Statement) throws -> Bool {
        let code = unsafe sqlite3_step(statement.sqliteStatement)
        if code == SQLITE_ROW { return true }
        let error =
            code == SQLITE_DONE
            ? nil : DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
        reset(statement)
        if let error { throw error }
        return false
    }

    private func reset(_ statement: Statement) {
        // It repeats the code of the last step, which has been dealt with.
        _ = unsafe sqlite3_reset(statement.sqliteStatement)
    }

    /// Pages written to the WAL since this was last asked.
    func takePagesWritten() -> Int {
        guard let connection = unsafe sqliteConnection else { return 0 }
        var written: Int32 = 0
        var highest: Int32 = 0
        _ = unsafe sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_WRITE, &written, &highest, 1)
        return Int(written)
    }
}

extension Database {
    /// Runs a statement that begins or ends a transaction, or a pragma whose answer does not matter.
    ///
    /// These go through GRDB, which keeps an eye on transactions.
    func control(_ sql: String) throws {
        try cachedStatement(sql: sql).execute()
    }

    /// The one number that a pragma answers.
    func pragma(_ sql: String) throws -> Int64 {
        try first(sql) { $0.int64() } ?? 0
    }

    /// Leaves a transaction, whether or not SQLite has left it already; false when it can't be left.
    func abandonTransaction() -> Bool {
        if isInsideTransaction { try? control("ROLLBACK TRANSACTION") }
        return !isInsideTransaction
    }
}
