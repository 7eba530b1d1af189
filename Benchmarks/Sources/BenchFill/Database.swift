import CSQLite

/// Why a fill failed, in SQLite's words.
package struct FillFault: Error, CustomStringConvertible {
    package var description: String
}

/// A data directory's database, open while no server has it.
@safe struct Database: ~Copyable {
    private let handle: OpaquePointer

    init(path: String) throws(FillFault) {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            throw FillFault(description: "\(path) can't be opened (\(code)).")
        }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe sqlite3_close(handle) }

    func run(_ sql: String) throws(FillFault) {
        guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw fault(sql) }
    }

    func prepare(_ sql: String) throws(FillFault) -> Statement {
        var statement: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement = unsafe statement
        else { throw fault(sql) }
        return unsafe Statement(statement)
    }

    /// The first column of the first row as a number; nil without a row.
    func number(_ sql: String) throws(FillFault) -> Int64? {
        let statement = try prepare(sql)
        return statement.step() == SQLITE_ROW ? statement.number(0) : nil
    }

    /// The columns of a table, in its order.
    func columns(_ table: String) throws(FillFault) -> [String] {
        let statement = try prepare("SELECT name FROM pragma_table_info('\(table)')")
        var names: [String] = []
        while statement.step() == SQLITE_ROW { names.append(statement.text(0)) }
        return names
    }

    /// Adds up anew what a store keeps of how many jobs there are, and of what waits.
    func recount() throws(FillFault) {
        try run(
            """
            DELETE FROM job_count;
            INSERT INTO job_count (state, entry, lane, type, request_format, route, owner, jobs)
            SELECT state, entry, lane, iif(finished_at IS NULL, type, ''), iif(finished_at IS NULL, request_format, ''),
                   iif(finished_at IS NULL, route, ''), iif(state = 'queued', owner, ''), count(*)
            FROM job GROUP BY 1, 2, 3, 4, 5, 6, 7;
            DELETE FROM queue_size;
            INSERT INTO queue_size (account, jobs, bytes)
            SELECT account, count(*), sum(bytes) FROM (
                SELECT owner AS account, input_bytes AS bytes FROM job WHERE state = 'queued'
                UNION ALL SELECT token, input_bytes FROM job WHERE state = 'queued' AND token IS NOT NULL
            ) GROUP BY account;
            """
        )
    }

    func fault(_ what: String) -> FillFault {
        FillFault(description: "\(unsafe String(cString: sqlite3_errmsg(handle))) — \(what)")
    }
}

/// A prepared statement, finalized with its scope.
@safe struct Statement: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe sqlite3_finalize(handle) }

    func step() -> Int32 { unsafe sqlite3_step(handle) }

    func reset() { unsafe sqlite3_reset(handle) }

    func number(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> String {
        unsafe sqlite3_column_text(handle, column).map { unsafe String(cString: $0) } ?? ""
    }

    func bind(_ place: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(handle, place, value) }

    func bind(_ place: Int32, _ bytes: [UInt8]) {
        // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        unsafe sqlite3_bind_blob(handle, place, bytes, Int32(bytes.count), copied)
    }
}
